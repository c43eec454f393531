import { mkdtemp, rm, stat, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Tables } from "../store/tables.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open-database.ts";
import { Sqlite3Connection } from "./sqlite3-connection.ts";

async function temporaryFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, "test.db");
}

async function openFile(onError: (error: unknown) => void = () => undefined): Promise<Database & { filename: string }> {
  const filename = await temporaryFile();
  const database = await openDatabase(`sqlite:${filename}`, onError);
  onTestFinished(() => database.close());
  return { ...database, filename };
}

/** Commits that many bytes, and says so. */
async function commit({ writer, caughtUp }: Database, bytes: number): Promise<void> {
  await sql`create table if not exists blobs (value blob)`.execute(writer);
  await sql`insert into blobs values (zeroblob(${bytes}))`.execute(writer);
  caughtUp?.();
}

const sizeOf = async (file: string) => (await stat(file)).size;

/** What connections were told in pragmas, since this was called. */
function watchPragmas(): () => string[] {
  const execute = vi.spyOn(Sqlite3Connection.prototype, "executeQuery");
  onTestFinished(() => execute.mockRestore());
  return () => execute.mock.calls.flatMap(([{ sql: text }]) => (text.startsWith("pragma") ? text : []));
}

function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

async function busyTimeout(db: Kysely<Tables>): Promise<unknown> {
  const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(db);
  return rows[0]?.timeout;
}

test("copies the log into the database after 32 commits of a store", async () => {
  const filename = await temporaryFile();
  const store = await openStore({ database: `sqlite:${filename}` });
  onTestFinished(() => store.close());
  const before = await sizeOf(filename);
  const append = () =>
    store.write((tx) => tx.append("acme", [{ type: "run.created", data: {}, at: "2026-01-01T00:00:00.000Z" }]));
  for (let i = 0; i < 31; i++) await append();
  await sleep(100);
  expect(await sizeOf(filename)).toBe(before);
  await append();
  await expect.poll(() => sizeOf(filename)).toBeGreaterThan(before);
});

test("empties a long log's file when it is quiet, and keeps what was in it", async () => {
  const database = await openFile();
  await commit(database, 2_000_000);
  expect(await sizeOf(`${database.filename}-wal`)).toBeGreaterThan(2_000_000);
  await expect.poll(() => sizeOf(`${database.filename}-wal`)).toBe(0);
  const { rows } = await sql`select length(value) as bytes from blobs`.execute(database.reader);
  expect(rows).toEqual([{ bytes: 2_000_000 }]);
});

test("finds the log of a file that is opened through a link, which is beside the file itself", async () => {
  const onError = vi.fn();
  const [filename, link] = [await temporaryFile(), await temporaryFile()];
  await symlink(filename, link);
  const database = await openDatabase(`sqlite:${link}`, onError);
  onTestFinished(() => database.close());
  await commit(database, 2_000_000);
  await expect.poll(() => sizeOf(`${filename}-wal`)).toBe(0);
  expect(onError).not.toHaveBeenCalled();
});

test("leaves a short log's file, which goes on where it ends", async () => {
  fakeTimers();
  const database = await openFile();
  await commit(database, 100_000);
  const size = await sizeOf(`${database.filename}-wal`);
  vi.advanceTimersByTime(1_000);
  await sleep(100);
  expect(await sizeOf(`${database.filename}-wal`)).toBe(size);
});

test("isn't quiet as long as commits come", async () => {
  fakeTimers();
  const database = await openFile();
  const pragmas = watchPragmas();
  for (let i = 0; i < 3; i++) {
    await commit(database, 2_000_000);
    vi.advanceTimersByTime(900);
  }
  await sleep(100);
  expect(pragmas()).toEqual([]);
  vi.advanceTimersByTime(100);
  await expect.poll(pragmas).toContain("pragma wal_checkpoint(truncate)");
});

test("doesn't wait for readers when it empties the file", async () => {
  const database = await openFile();
  await commit(database, 100);
  const pragmas = watchPragmas();
  await database.reader.connection().execute(async (reading) => {
    await sql`begin`.execute(reading);
    await sql`select * from blobs`.execute(reading);
    await commit(database, 2_000_000);
    await expect
      .poll(pragmas)
      .toEqual([
        "pragma wal_checkpoint(passive)",
        "pragma busy_timeout = 0",
        "pragma wal_checkpoint(truncate)",
        "pragma busy_timeout = 5000",
      ]);
    await commit(database, 1);
    await sql`commit`.execute(reading);
  });
  expect(await busyTimeout(database.writer)).toBe(5_000);
  expect(await sizeOf(`${database.filename}-wal`)).toBeGreaterThan(0);
});

test.each([
  ["before", 999],
  ["while", 1_000],
])("ends with a database that is closed %s its log is emptied", async (_, ms) => {
  fakeTimers();
  const onError = vi.fn();
  const database = await openDatabase(`sqlite:${await temporaryFile()}`, onError);
  await commit(database, 2_000_000);
  vi.advanceTimersByTime(ms);
  await database.close();
  vi.advanceTimersByTime(1_000);
  await sleep(100);
  expect(onError).not.toHaveBeenCalled();
});

test("tells of what goes wrong, and commits go on", async () => {
  const onError = vi.fn();
  const database = await openFile(onError);
  await commit(database, 100);
  await unlink(`${database.filename}-wal`);
  await expect.poll(() => onError.mock.calls).toEqual([[expect.objectContaining({ code: "ENOENT" })]]);
  await commit(database, 100);
  expect(onError).toHaveBeenCalledTimes(1);
});
