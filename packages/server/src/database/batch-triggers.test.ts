import fc from "fast-check";
import { CompiledQuery } from "kysely";
import sqlite3 from "sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { BatchTriggers } from "./batch-triggers.ts";
import { withLiterals } from "./sqlite-literal.ts";
import { Sqlite3Connection } from "./sqlite3-connection.ts";

interface Statement {
  sql: string;
  parameters: unknown[];
}

/** A connection with a table, on which texts and joined statements can be executed. */
async function connect() {
  const database = new sqlite3.Database(":memory:");
  const connection = new Sqlite3Connection(database);
  onTestFinished(() => connection.close());
  const query = async (sql: string, parameters: unknown[] = []) => {
    const { rows } = await connection.executeQuery(CompiledQuery.raw(sql, parameters));
    return rows;
  };
  const texts: string[] = [];
  const execute = (text: string) => {
    texts.push(text);
    return new Promise<void>((resolve, reject) => {
      database.exec(text, (error) => (error ? reject(error) : resolve()));
    });
  };
  await query("create table t (n integer primary key, label text, weight, amount numeric)");
  await query("create table log (at integer primary key, n integer)");
  return {
    query,
    execute,
    texts,
    triggers: new BatchTriggers(execute),
    all: () => query("select *, typeof(n), typeof(label), typeof(weight), typeof(amount) from t order by n"),
    log: () => query("select n from log order by at"),
  };
}

const shapes = [
  "insert into t values (?, ?, ?, ?) on conflict (n) do update set label = excluded.label || '!', weight = ?",
  "update t set label = ?, weight = coalesce(weight, ?) where n in (?, ?) and exists (select 1 from log where log.n = t.n)",
  "update t set amount = rows.column2 from (values (?, ?), (?, ?)) as rows where t.n = rows.column1",
  "delete from t where n > ? and label <> ?",
  "insert into log (n) values (?), (?)",
  "insert into log (n) select n from t where weight = ? or label = ?",
];

const values = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.constantFrom("3", "3.0", "it's", "?", "new.v0", ""),
  fc.constant(null),
);

const statements: fc.Arbitrary<Statement> = fc.constantFrom(...shapes).chain((sql) => {
  const length = sql.split("?").length - 1;
  return fc.array(values, { minLength: length, maxLength: length }).map((parameters) => ({ sql, parameters }));
});

/** Executes a batch, joined or as a text; one that fails is undone. */
async function execute(db: Awaited<ReturnType<typeof connect>>, batch: readonly Statement[], joined: boolean) {
  try {
    const one = joined ? await db.triggers.join(batch) : undefined;
    if (one) await db.query(one.sql, [...one.parameters]);
    else await db.execute(`begin; ${batch.map(withLiterals).join(";")}; commit`);
    return "done";
  } catch (error) {
    await db.execute("rollback").catch(() => undefined);
    return (error as Error).message;
  }
}

test("joined statements do what they do one by one", async () => {
  const batches = fc.array(fc.array(statements, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  let joins = 0;
  await fc.assert(
    fc.asyncProperty(batches, async (each) => {
      const [one, other] = [await connect(), await connect()];
      // Every batch comes often enough to be joined.
      for (const batch of each.flatMap((batch) => [batch, batch, batch, batch])) {
        expect(await execute(one, batch, true)).toBe(await execute(other, batch, false));
        expect(await one.all()).toEqual(await other.all());
        expect(await one.log()).toEqual(await other.log());
      }
      joins += one.texts.filter((text) => text.startsWith("create temp view")).length;
    }),
    { numRuns: 100 },
  );
  expect(joins).toBeGreaterThan(100);
});

const insert = { sql: "insert into t (n, label) values (?, ?)", parameters: [1, "a"] };

async function joinOften(triggers: BatchTriggers, batch: readonly Statement[]) {
  for (let i = 0; i < 5; i++) await triggers.join(batch);
  return triggers.join(batch);
}

test("what comes rarely, or is long, isn't worth a trigger", async () => {
  const { triggers, texts } = await connect();
  await triggers.join([insert]);
  expect(await triggers.join([insert])).toBeUndefined();
  expect(await joinOften(triggers, Array(9).fill(insert))).toBeUndefined();
  expect(texts).toEqual([]);
});

test("what can't be in a trigger isn't tried twice", async () => {
  const { triggers, texts } = await connect();
  const withQuery = { sql: "with x as (select ? as n) insert into t (n) select n from x", parameters: [1] };
  expect(await joinOften(triggers, [insert, withQuery])).toBeUndefined();
  expect(texts).toHaveLength(1);
  expect(await joinOften(triggers, [insert])).toBeDefined();
});

test("there are at most 64 triggers, and what has one keeps it", async () => {
  const { triggers, texts } = await connect();
  for (let i = 0; i < 70; i++) await joinOften(triggers, [{ ...insert, sql: `${insert.sql} -- ${i}\n` }]);
  expect(texts).toHaveLength(64);
  expect(await triggers.join([{ ...insert, sql: `${insert.sql} -- 0\n` }])).toBeDefined();
});
