import { expect, test } from "vitest";
import { argumentFields, argumentValue, labelOf } from "./argument-value.ts";

test("plain values keep their type", () => {
  expect(argumentValue("Ana")).toEqual({ kind: "text", text: "Ana" });
  expect(argumentValue(0.82)).toEqual({ kind: "number", number: 0.82 });
  expect(argumentValue(false)).toEqual({ kind: "boolean", value: false });
  expect(argumentValue("a\nb")).toEqual({ kind: "long_text", text: "a\nb" });
});

test("what is empty reads as none", () => {
  for (const value of [null, undefined, "", [], {}]) expect(argumentValue(value)).toEqual({ kind: "none" });
});

test("what is written as a date is one, unless the schema calls it something else", () => {
  expect(argumentValue("2026-11-20").kind).toBe("date");
  expect(argumentValue("2026-11-20", { format: "date" }).kind).toBe("date");
  expect(argumentValue("2026-11-20T10:00:00+01:00").kind).toBe("date_time");
  expect(argumentValue("2026-11-20", { format: "version" }).kind).toBe("text");
});

test("text that is no date stays text, whatever the schema says", () => {
  for (const text of ["soon", "2026-13-40", "2026-11-20 or later", "2026", "10:00"]) {
    expect(argumentValue(text, { format: "date" })).toEqual({ kind: "text", text });
  }
});

test("money takes its currency from the schema or from the argument beside it", () => {
  const euro = argumentFields({ amount: 1240 }, { properties: { amount: { type: "number", "x-currency": "EUR" } } });
  expect(euro[0]?.value).toEqual({ kind: "money", amount: 1240, currency: "EUR" });
  const beside = argumentFields({ amount: 5, currency: "JPY" }, { properties: { amount: { format: "money" } } });
  expect(beside[0]?.value).toEqual({ kind: "money", amount: 5, currency: "JPY" });
});

test("money without a currency stays a number", () => {
  expect(argumentFields({ amount: 5 }, { properties: { amount: { format: "money" } } })[0]?.value.kind).toBe("number");
});

test("fields come in the schema's order and leave nothing out", () => {
  const fields = argumentFields({ extra: 1, b: 2, a: 3 }, { properties: { a: { title: "First" }, b: {}, gone: {} } });
  expect(fields.map((field) => field.label)).toEqual(["First", "B", "Extra"]);
});

test("lists and objects are read by the schema of what they hold", () => {
  const value = argumentValue([{ due: "2026-11-20" }], { items: { properties: { due: { format: "date" } } } });
  expect(value).toEqual({
    kind: "list",
    items: [{ kind: "fields", fields: [{ name: "due", label: "Due", value: { kind: "date", text: "2026-11-20" } }] }],
  });
});

test("names become readable labels", () => {
  expect(["dryRun", "dry_run", "customer-id", "to", "_"].map((name) => labelOf(name))).toEqual([
    "Dry run",
    "Dry run",
    "Customer id",
    "To",
    "_",
  ]);
});
