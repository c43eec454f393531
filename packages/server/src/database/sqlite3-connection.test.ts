import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledQuery, type RootOperationNode, SelectQueryNode } from "kysely";
import sqlite3 from "sqlite3";
import { expect, test } from "vitest";
import { Sqlite3Connection } from "./sqlite3-connection.ts";
import type { Timing } from "./timing.ts";

interface Connection extends AsyncDisposable {
  run(sql: string, timing?: Timing, ...parameters: unknown[]): Promise<unknown[]>;
  /** Runs a query that is known to be one. */
  select(sql: string): Promise<unknown[]>;
}

async function connect(file = ":memory:"): Promise<Connection> {
  const connection = new Sqlite3Connection(new sqlite3.Database(file));
  const execute = async (sql: string, timing?: Timing, parameters?: unknown[], query?: RootOperationNode) => {
    const raw = CompiledQuery.raw(sql, parameters);
    const { rows } = await connection.executeQuery({ ...raw, query: query ?? raw.query, timing });
    return rows;
  };
  await execute("create table if not exists t (n integer primary key, label text)");
  return {
    run: (sql, timing, ...parameters) => execute(sql, timing, parameters),
    select: (sql) => execute(sql, undefined, undefined, SelectQueryNode.create()),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** Two connections to one file. */
async function connectTwice(): Promise<AsyncDisposable & { one: Connection; other: Connection }> {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-connection-"));
  const one = await connect(join(folder, "test.db"));
  const other = await connect(join(folder, "test.db"));
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const insert = "insert into t values (?, ?)";
const all = "select * from t order by n";

test("what may be executed later is there for the next statement, in the order it came", async () => {
  await using db = await connect();
  await db.run(insert, "later", 1, "it's");
  await db.run("update t set label = label || ?", "later", " late");
  await db.run(insert, "later", 2, null);
  expect(await db.run(all)).toEqual([
    { n: 1, label: "it's late" },
    { n: 2, label: null },
  ]);
});

test("a statement that goes ahead is executed before those", async () => {
  await using db = await connect();
  await db.run(insert, "later", 1, "a");
  expect(await db.run(all, "ahead")).toEqual([]);
  expect(await db.run(all)).toHaveLength(1);
});

test("a value that can only be bound is no reason for disorder", async () => {
  await using db = await connect();
  await db.run(insert, "later", 1, "a");
  await db.run("update t set label = ?", "later", "a\0b");
  await db.run("update t set label = label || ?", "later", "c");
  expect(await db.run(all)).toEqual([{ n: 1, label: "a\0bc" }]);
});

test("a commit takes along what is to be executed", async () => {
  await using db = await connect();
  await db.run("begin immediate");
  await db.run(insert, "later", 1, "a");
  await db.run("commit");
  await expect(db.run("rollback")).rejects.toThrow("no transaction is active");
  expect(await db.run(all)).toHaveLength(1);
});

/** Often enough for the connection to make one statement of those of a transaction. */
const often = 5;

/** A transaction of statements that nobody waits for. */
async function transact(db: Connection, ...rows: [n: number, label: string][]): Promise<void> {
  await db.run("begin immediate");
  for (const row of rows) await db.run(insert, "later", ...row);
  await db.run("commit");
}

test("transactions that come often do what they did the first time", async () => {
  await using db = await connect();
  const expected = Array.from({ length: 2 * often }, (_, n) => ({ n, label: `it's ${n}?` }));
  for (let n = 0; n < 2 * often; n += 2) await transact(db, [n, `it's ${n}?`], [n + 1, `it's ${n + 1}?`]);
  expect(await db.run(all)).toEqual(expected);
  await expect(db.run("rollback")).rejects.toThrow("no transaction is active");
});

test.each(["commit", "rollback"])("one of them that fails has done nothing, and ends with its %s", async (end) => {
  await using files = await connectTwice();
  const { one, other } = files;
  for (let n = 0; n < 2 * often; n += 2) await transact(one, [n, "a"], [n + 1, "b"]);
  await expect(transact(one, [100, "c"], [0, "d"])).rejects.toThrow("UNIQUE");
  await one.run(end);
  await transact(other, [200, "theirs"]);
  expect(await one.run(all)).toHaveLength(2 * often + 1);
  await transact(one, [100, "c"], [101, "d"]);
  expect(await other.run(all)).toHaveLength(2 * often + 3);
});

test("one of them that finds the database locked has done nothing", async () => {
  await using files = await connectTwice();
  const { one, other } = files;
  for (let n = 0; n < often; n++) await transact(one, [n, "a"]);
  await other.run("begin immediate");
  await other.run(insert, undefined, 100, "theirs");
  await expect(transact(one, [101, "ours"])).rejects.toThrow("locked");
  await one.run("rollback");
  await other.run("commit");
  await transact(one, [101, "ours"]);
  expect(await one.run(all)).toHaveLength(often + 2);
});

test("a transaction that has written something ends with its commit, however often it comes", async () => {
  await using files = await connectTwice();
  const { one, other } = files;
  for (let n = 0; n < 2 * often; n += 2) {
    await one.run("begin immediate");
    await one.run(insert, undefined, n, "a");
    await one.run(insert, "later", n + 1, "b");
    await one.run("commit");
    expect(await other.run(all)).toHaveLength(n + 2);
  }
});

test("a transaction that reads what it has written can be undone, however often it comes", async () => {
  await using db = await connect();
  for (let i = 0; i < often; i++) {
    await db.run("begin immediate");
    await db.run(insert, "later", 1, "a");
    expect(await db.select(all)).toEqual([{ n: 1, label: "a" }]);
    await db.run("rollback");
    expect(await db.run(all)).toEqual([]);
  }
});

test("values that sqlite3 doesn't take are bound as what they mean", async () => {
  await using db = await connect();
  await db.run(insert, undefined, 2n ** 40n, undefined);
  expect(await db.run(all)).toEqual([{ n: 2 ** 40, label: null }]);
});

test("a rollback, also to a savepoint, forgets what has not been executed yet", async () => {
  await using db = await connect();
  await db.run("begin immediate");
  await db.run(insert, "later", 1, "a");
  await db.run("savepoint command");
  await db.run(insert, "later", 2, "b");
  await db.run("rollback to command");
  expect(await db.run(all)).toEqual([{ n: 1, label: "a" }]);
  await db.run(insert, "later", 3, "c");
  await db.run("rollback");
  expect(await db.run(all)).toEqual([]);
});

test("a rollback forgets what would fail, and what not even began", async () => {
  await using db = await connect();
  for (const timing of [undefined, "later"] as const) {
    await db.run("begin immediate");
    await db.run(insert, timing, 1, "a");
    await db.run(insert, "later", 1, "b");
    await db.run("rollback");
    expect(await db.run(all)).toEqual([]);
  }
});

test.each(["commit", "insert into t values (2, 'c')", all])(
  "one that fails fails the next statement, and is not tried again: %s",
  async (next) => {
    await using db = await connect();
    await db.run("begin immediate");
    await db.run(insert, "later", 1, "a");
    await db.run(insert, "later", 1, "b");
    await expect(db.run(next)).rejects.toThrow("UNIQUE");
    await db.run("rollback");
    expect(await db.run(all)).toEqual([]);
  },
);

test("a transaction begins with its first write", async () => {
  await using files = await connectTwice();
  const { one, other } = files;
  await one.run("begin immediate");
  expect(await one.select(all)).toEqual([]);
  await other.run(insert, undefined, 1, "theirs");
  await one.run(insert, "later", 2, "ours");
  expect(await one.select(all)).toHaveLength(2);
  await expect(other.run(insert, undefined, 3, "theirs")).rejects.toThrow("locked");
  await one.run("rollback");
  expect(await one.select(all)).toHaveLength(1);
});

test("one of which the first write gives rows begins as well", async () => {
  await using db = await connect();
  await db.run("begin immediate");
  expect(await db.run(`${insert} returning n`, undefined, 1, "a")).toEqual([{ n: 1 }]);
  await db.run("rollback");
  expect(await db.run(all)).toEqual([]);
});

test.each(["commit", "rollback"])(
  "a transaction that writes nothing takes no lock, and ends with its %s",
  async (end) => {
    await using files = await connectTwice();
    const { one, other } = files;
    await one.run("begin immediate");
    await other.run("begin immediate");
    await other.run(insert, undefined, 1, "theirs");
    expect(await one.select(all)).toEqual([]);
    await one.run(end);
    await other.run("commit");
    await one.run(insert, undefined, 2, "outside of it");
    await expect(one.run("rollback")).rejects.toThrow("no transaction is active");
    expect(await other.select(all)).toHaveLength(2);
  },
);

test("one whose begin fails has done nothing", async () => {
  await using files = await connectTwice();
  const { one, other } = files;
  await other.run("begin immediate");
  await other.run(insert, undefined, 1, "theirs");
  await one.run("begin immediate");
  await one.run(insert, "later", 2, "ours");
  await expect(one.run("commit")).rejects.toThrow("locked");
  await other.run("commit");
  expect(await one.select(all)).toHaveLength(1);
});
