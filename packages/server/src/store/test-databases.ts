import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import BetterSqlite3 from "better-sqlite3";
import { type SqliteDatabase, SqliteDialect } from "kysely";
import type { HostDatabase } from "../database/database.ts";
import { openStore, type StoreOptions } from "./open-store.ts";
import type { Store } from "./store.ts";
import { newPostgres, sparePostgres } from "./test-postgres.ts";
import { hasPostgres } from "./test-postgres-server.ts";

/** A throwaway database; disposing of it removes it, when nothing has it open any more. */
export interface TestDatabase extends AsyncDisposable {
  /** Where it is, anew for every store that opens it. */
  location(): string | HostDatabase;
}

/** A driver to run a suite on: `describe.each(testDatabases)("$name", ({ create }) => ...)`. */
export interface TestDatabaseKind {
  name: string;
  engine: "sqlite" | "postgres";
  /** May have our schema already. */
  create(): Promise<TestDatabase>;
  /** Has no schema: for tests of migrations. */
  createEmpty(): Promise<TestDatabase>;
}

/** A store on a database of its own; disposing of it closes and removes both. */
export type TestStore = Store & AsyncDisposable;

const sqlite3 = sqliteKind("sqlite3", (filename) => `sqlite:${filename}`);

const betterSqlite3 = sqliteKind("better-sqlite3", (filename) => hosted(durable(new BetterSqlite3(filename))));

const nodeSqlite = sqliteKind("node:sqlite", (filename) =>
  hosted(asSqliteDatabase(durable(new DatabaseSync(filename)))),
);

/** What the names of all databases of a test run start with. */
const databasePrefix = process.env.HOLDPOINT_TEST_DATABASE_PREFIX ?? "holdpoint_test_";

const postgres: TestDatabaseKind = {
  name: "postgres",
  engine: "postgres",
  create: () => sparePostgres(databasePrefix),
  createEmpty: () => newPostgres(databasePrefix),
};

/** The drivers that can be tested here. Postgres is left out where there is none, unless it is required. */
export const testDatabases: TestDatabaseKind[] = [
  sqlite3,
  betterSqlite3,
  nodeSqlite,
  ...((await hasPostgres()) ? [postgres] : []),
];

/** Those that scale out: several stores at once on one database. */
export const sharedTestDatabases: TestDatabaseKind[] = testDatabases.filter(({ engine }) => engine === "postgres");

/** Opens a store on a new database. */
export async function openTestStore(
  kind: TestDatabaseKind = sqlite3,
  options: Omit<StoreOptions, "database"> = {},
): Promise<TestStore> {
  const database = await kind.create();
  const store = await openStore({ ...options, database: database.location() });
  const dispose = async () => {
    await store.close();
    await database[Symbol.asyncDispose]();
  };
  return { ...store, [Symbol.asyncDispose]: dispose };
}

/** SQLite files, and how they are opened. */
export function sqliteKind(name: string, location: (filename: string) => string | HostDatabase): TestDatabaseKind {
  const createEmpty = () => createFile(location);
  const create = async () => createFile(location, await withSchema());
  return { name, engine: "sqlite", create, createEmpty };
}

async function createFile(
  location: (filename: string) => string | HostDatabase,
  content?: Uint8Array,
): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  const filename = join(directory, "test.db");
  if (content) await writeFile(filename, content);
  return {
    location: () => location(filename),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

let migrated: Promise<Uint8Array> | undefined;

/** The content of a SQLite file with our schema: migrating takes longer than most tests. */
function withSchema(): Promise<Uint8Array> {
  migrated ??= migrateFile();
  return migrated;
}

async function migrateFile(): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  try {
    const filename = join(directory, "test.db");
    const store = await openStore({ database: `sqlite:${filename}` });
    await store.close();
    return await readFile(filename);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function hosted(database: SqliteDatabase): HostDatabase {
  return { engine: "sqlite", dialect: new SqliteDialect({ database }) };
}

function durable<T extends { exec(script: string): unknown }>(database: T): T {
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
  return database;
}

/** What Kysely's SQLite dialect expects, on Node's own SQLite. */
function asSqliteDatabase(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
