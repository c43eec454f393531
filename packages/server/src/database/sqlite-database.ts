import { HoldpointError } from "@holdpoint/core";
import { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { Database } from "./database.ts";
import { lockFile } from "./process-lock.ts";
import { SqliteCheckpoints } from "./sqlite-checkpoints.ts";
import type { Sqlite3Connection } from "./sqlite3-connection.ts";
import { Sqlite3Dialect } from "./sqlite3-dialect.ts";

/** Reads that go on side by side. Each takes a thread of Node's pool of four, and the writer needs one. */
const readers = 2;

const busyTimeout = 5_000;

type Pragmas = Readonly<Record<string, string | number>>;

/** Settings that our promises rest on; `synchronous = 2` is FULL: a commit is on the disk before it is acknowledged. */
const pragmas: Pragmas = { journal_mode: "wal", synchronous: 2, foreign_keys: 1, busy_timeout: busyTimeout };

const readerPragmas: Pragmas = { ...pragmas, query_only: 1 };

/** Savepoints keep their journals in memory, and a large batch fits the cache (KiB) and the log (pages). */
const writerPragmas: Pragmas = { ...pragmas, temp_store: 2, cache_size: -8_000, wal_autocheckpoint: 4_000 };

/**
 * Opens a SQLite file through the `sqlite3` package: one connection that writes, others that read.
 *
 * @param onError called for checkpoints that fail
 * @throws {HoldpointError} `unavailable` when another process has it, or it can't be opened
 */
export async function openSqliteFile(filename: string, onError: (error: unknown) => void): Promise<Database> {
  const lock = await lockFile(filename).catch((error) => {
    throw unavailable(filename, error);
  });
  const writer = connect(filename, 1, writerPragmas);
  const reader = connect(filename, readers, readerPragmas);
  const checkpoints = new SqliteCheckpoints({ reader, writer, busyTimeout, onError });
  const close = async () => {
    await checkpoints.end();
    await reader.destroy();
    await writer.destroy();
    await lock.release();
  };
  try {
    await warmUp(writer);
    await warmUp(reader);
  } catch (error) {
    await close();
    throw unavailable(filename, error);
  }
  const caughtUp = () => checkpoints.caughtUp();
  return { engine: "sqlite", writer, reader, caughtUp, listen: () => undefined, close };
}

/** Opens a database that ends with the process. Being private to its connection, that one serves reads too. */
export function openSqliteMemory(): Database {
  const db = connect(":memory:", 1, {});
  return { engine: "sqlite", writer: db, reader: db, listen: () => undefined, close: () => db.destroy() };
}

function connect(filename: string, connections: number, settings: Pragmas): Kysely<Tables> {
  const onOpen = (connection: Sqlite3Connection) => setPragmas(connection, settings);
  return new Kysely<Tables>({ dialect: new Sqlite3Dialect({ filename, connections, onOpen }) });
}

/** Has Kysely open its connections. */
function warmUp(db: Kysely<Tables>): Promise<void> {
  return db.connection().execute(async () => undefined);
}

/** Sets each and reads it back: SQLite ignores what it doesn't know or can't do. */
async function setPragmas(connection: Sqlite3Connection, settings: Pragmas): Promise<void> {
  for (const [name, wanted] of Object.entries(settings)) {
    await connection.executeQuery(CompiledQuery.raw(`pragma ${name} = ${wanted}`));
    const { rows } = await connection.executeQuery<object>(CompiledQuery.raw(`pragma ${name}`));
    const [found] = Object.values(rows[0] ?? {});
    if (found !== wanted) {
      throw new HoldpointError("unavailable", `SQLite has ${name} = ${found} where ${wanted} is needed.`);
    }
  }
}

function unavailable(filename: string, error: unknown): HoldpointError {
  if (error instanceof HoldpointError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new HoldpointError("unavailable", `Can't open the SQLite database ${filename}: ${reason}`);
}
