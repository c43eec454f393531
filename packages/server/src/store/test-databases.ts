import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import BetterSqlite3 from "better-sqlite3";
import { type SqliteDatabase, SqliteDialect } from "kysely";
import pg from "pg";
import type { HostDatabase } from "../database/database.ts";
import { openStore, type StoreOptions } from "./open-store.ts";
import type { Store } from "./store.ts";

/** A throwaway database; disposing of it removes it, when nothing has it open any more. */
export interface TestDatabase extends AsyncDisposable {
  /** Where it is, anew for every store that opens it. */
  location(): string | HostDatabase;
}

/** A driver to run a suite on: `describe.each(testDatabases)("$name", ({ create }) => ...)`. */
export interface TestDatabaseKind {
  name: string;
  engine: "sqlite" | "postgres";
  create(): Promise<TestDatabase>;
}

/** A store on a database of its own; disposing of it closes and removes both. */
export type TestStore = Store & AsyncDisposable;

const sqlite3: TestDatabaseKind = {
  name: "sqlite3",
  engine: "sqlite",
  create: () => createFile((filename) => `sqlite:${filename}`),
};

const betterSqlite3: TestDatabaseKind = {
  name: "better-sqlite3",
  engine: "sqlite",
  create: () => createFile((filename) => hosted(durable(new BetterSqlite3(filename)))),
};

const nodeSqlite: TestDatabaseKind = {
  name: "node:sqlite",
  engine: "sqlite",
  create: () => createFile((filename) => hosted(asSqliteDatabase(durable(new DatabaseSync(filename))))),
};

const postgresUrl = process.env.HOLDPOINT_TEST_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

const postgres: TestDatabaseKind = { name: "postgres", engine: "postgres", create: createPostgres };

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

async function createFile(location: (filename: string) => string | HostDatabase): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  return {
    location: () => location(join(directory, "test.db")),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
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

async function createPostgres(): Promise<TestDatabase> {
  const name = `holdpoint_test_${randomBytes(6).toString("hex")}`;
  await administer(`create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { location: () => url.href, [Symbol.asyncDispose]: () => administer(`drop database ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function hasPostgres(): Promise<boolean> {
  if (process.env.HOLDPOINT_REQUIRE_POSTGRES === "1") return true;
  try {
    await administer("select 1");
    return true;
  } catch {
    process.stderr.write(`Not tested on Postgres: there is none at ${new URL(postgresUrl).host}.\n`);
    return false;
  }
}
