import { CompiledQuery } from "kysely";
import sqlite3 from "sqlite3";
import { expect, test } from "vitest";
import { Sqlite3Connection } from "./sqlite3-connection.ts";
import type { Timing } from "./timing.ts";

interface Connection extends AsyncDisposable {
  run(sql: string, timing?: Timing, ...parameters: unknown[]): Promise<unknown[]>;
}

async function connect(): Promise<Connection> {
  const connection = new Sqlite3Connection(new sqlite3.Database(":memory:"));
  const run: Connection["run"] = async (sql, timing, ...parameters) => {
    const { rows } = await connection.executeQuery({ ...CompiledQuery.raw(sql, parameters), timing });
    return rows;
  };
  await run("create table t (n integer primary key, label text)");
  return { run, [Symbol.asyncDispose]: () => connection.close() };
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

test("one that fails fails the next statement, and is not tried again", async () => {
  await using db = await connect();
  await db.run("begin immediate");
  await db.run(insert, "later", 1, "a");
  await db.run(insert, "later", 1, "b");
  await expect(db.run("commit")).rejects.toThrow("UNIQUE");
  await db.run("rollback");
  expect(await db.run(all)).toEqual([]);
});
