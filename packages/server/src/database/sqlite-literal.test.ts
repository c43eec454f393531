import fc from "fast-check";
import { CompiledQuery } from "kysely";
import sqlite3 from "sqlite3";
import { afterAll, expect, test } from "vitest";
import { hasLiteral, sqliteLiteral, takesLiterals, withLiterals } from "./sqlite-literal.ts";
import { Sqlite3Connection } from "./sqlite3-connection.ts";

const connection = new Sqlite3Connection(new sqlite3.Database(":memory:"));
afterAll(() => connection.close());

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("'", '"', "\\", "?", ";", "--", "/*", "\n", "é", "😀", "x") }),
);

test("SQLite reads a text or a whole number back as it was, or it is left to be bound", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(texts, fc.maxSafeInteger()), async (value) => {
      const isPlain = typeof value === "number" || (value.isWellFormed() && !value.includes("\0"));
      expect(hasLiteral(value)).toBe(isPlain && !Object.is(value, -0));
      if (!hasLiteral(value)) return;
      const text = `select ${sqliteLiteral(value)} value`;
      const { rows } = await connection.executeQuery<{ value: unknown }>(CompiledQuery.raw(text));
      expect(rows).toEqual([{ value }]);
    }),
    { numRuns: 500 },
  );
});

test("what SQL's text would change, or can't hold, is left to be bound", () => {
  const values = ["a\0b", "\ud800", "x".repeat(200_000), 0.1, -0, Number.NaN, 2 ** 60, new Uint8Array(2), 1n];
  for (const value of values) expect(hasLiteral(value)).toBe(false);
});

test("a statement gets its values in their places", () => {
  const parameters = ["it's ?", 7, null, undefined];
  expect(withLiterals({ sql: "insert into t values (?, ?, ?, ?)", parameters })).toBe(
    "insert into t values ('it''s ?', 7, null, null)",
  );
});

test("a statement with a question mark of its own, or a value that can only be bound, stays as it is", () => {
  expect(takesLiterals({ sql: "select '?', ?", parameters: [1] })).toBe(false);
  expect(takesLiterals({ sql: "select ?", parameters: [0.5] })).toBe(false);
  expect(takesLiterals({ sql: "select ?", parameters: [1] })).toBe(true);
});
