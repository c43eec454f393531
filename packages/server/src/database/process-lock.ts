import { realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { HoldpointError } from "@holdpoint/core";
import sqlite3 from "sqlite3";

/** A lock on a database file, held by this process. */
export interface ProcessLock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  host: string;
}

/**
 * Makes sure that nobody else, in this process or another, uses a SQLite file as we do: with its own writer queue and
 * its own wake-ups. The lock is the operating system's, on `<file>.lock`, so it ends with the process however that ends.
 *
 * @throws {HoldpointError} `unavailable`, naming the holder
 */
export async function lockFile(filename: string): Promise<ProcessLock> {
  const path = await realpath(filename).catch(() => filename);
  const database = await open(`${path}.lock`);
  try {
    await takeLock(database);
  } catch (error) {
    const refusal = isBusy(error) ? inUse(filename, await readHolder(database)) : error;
    await close(database);
    throw refusal;
  }
  return { release: () => close(database) };
}

/** Says who we are, then keeps a write transaction open: others can still read who holds it, but can't take it. */
function takeLock(database: sqlite3.Database): Promise<void> {
  return exec(
    database,
    `pragma synchronous = off;
     begin immediate;
     create table if not exists holder (pid integer not null, host text not null);
     delete from holder;
     insert into holder values (${process.pid}, '${hostname().replaceAll("'", "''")}');
     commit;
     begin immediate;`,
  );
}

/** Undefined when the holder is only just about to say who it is. */
function readHolder(database: sqlite3.Database): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    database.get<Holder>("select pid, host from holder", (error, row) => resolve(error ? undefined : row));
  });
}

function inUse(filename: string, holder: Holder | undefined): HoldpointError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
  return new HoldpointError(
    "unavailable",
    `${filename} is already in use by ${who}. Stop that one first, or use another file; several servers need Postgres.`,
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
}

function open(filename: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(filename, (error) => (error ? reject(error) : resolve(database)));
    database.configure("busyTimeout", 100);
  });
}

function exec(database: sqlite3.Database, script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(script, (error) => (error ? reject(error) : resolve()));
  });
}

function close(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => (error ? reject(error) : resolve()));
  });
}
