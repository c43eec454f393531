import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Tables } from "../store/tables.ts";
import { openDatabase } from "./open-database.ts";

const ignore = () => undefined;

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function pragma(db: Kysely<Tables>, name: string): Promise<unknown> {
  const { rows } = await sql.raw<object>(`pragma ${name}`).execute(db);
  return Object.values(rows[0] ?? {})[0];
}

/** A port that nobody listens on: it was just given back. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

describe("opening a SQLite file", () => {
  test("makes commits durable, checks references and logs ahead, on all connections", async () => {
    const database = await openDatabase(`sqlite:${await temporaryDirectory()}/test.db`, ignore);
    for (const db of [database.writer, database.reader]) {
      expect(await pragma(db, "journal_mode")).toBe("wal");
      expect(await pragma(db, "synchronous")).toBe(2);
      expect(await pragma(db, "foreign_keys")).toBe(1);
      expect(await pragma(db, "busy_timeout")).toBe(5_000);
    }
    await database.close();
  });

  test("lets the reader read only", async () => {
    const database = await openDatabase(`sqlite:${await temporaryDirectory()}/test.db`, ignore);
    await expect(sql`create table t (a)`.execute(database.reader)).rejects.toThrow("readonly");
    await database.close();
  });

  test("says what is wrong with a directory that isn't there", async () => {
    const filename = join(await temporaryDirectory(), "missing", "test.db");
    await expect(openDatabase(`sqlite:${filename}`, ignore)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(
        /^Can't open the SQLite database .*missing\/test\.db: .*unable to open database file/,
      ),
    });
  });

  test("says what is wrong with a file that is no database, and lets go of it", async () => {
    const filename = join(await temporaryDirectory(), "test.db");
    await writeFile(filename, "This is a letter, not a database. ".repeat(200));
    for (const _ of ["first", "second"]) {
      await expect(openDatabase(`sqlite:${filename}`, ignore)).rejects.toThrow("file is not a database");
    }
  });

  test("keeps what is in memory apart from other stores", async () => {
    const [one, other] = await Promise.all([
      openStore({ database: "sqlite::memory:" }),
      openStore({ database: "sqlite::memory:" }),
    ]);
    await one.write((tx) => tx.append("acme", [{ type: "run.created", data: {}, at: "2026-01-01T00:00:00.000Z" }]));
    expect(await one.reader.selectFrom("tenants").select("id").execute()).toEqual([{ id: "acme" }]);
    expect(await other.reader.selectFrom("tenants").select("id").execute()).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });
});

describe("opening a Postgres database that can't be reached", () => {
  test("gives one line without the password", async () => {
    const url = `postgres://ana:s3cret@127.0.0.1:${await closedPort()}/app`;
    const opening = openDatabase(url, ignore);
    await expect(opening).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(
        /^Can't reach the Postgres database postgres:\/\/ana:\*\*\*@127[^\n]*ECONNREFUSED[^\n]*$/,
      ),
    });
    await expect(opening).rejects.not.toThrow("s3cret");
  });
});
