import type { Json } from "@holdpoint/core";
import { expect, test } from "vitest";
import { eventFilter, isAwaited } from "./event-filter.ts";

const trigger = { id: "run_1", name: "refund", data: { to: "kim", limit: 100 } };
const paid = (data: Json) => ({ id: "evt_1", name: "paid", data, at: "2026-01-01T00:00:00.000Z" });

test.each<[expression: string, data: Json, fits: boolean]>([
  ['async.data.to == "kim"', { to: "kim" }, true],
  ["async.data.to == event.data.to", { to: "kim" }, true],
  ["async.data.to == input.to && async.data.amount > 50", { to: "kim", amount: 50.5 }, true],
  ["async.data.amount > input.limit", { amount: 99 }, false],
  ["async.data.amount == 5", { amount: 5 }, true],
  ["async.data.lines.exists(line, line.sku == 'a')", { lines: [{ sku: "b" }, { sku: "a" }] }, true],
  ["async.data.gone == null", {}, false],
  ["!has(async.data.gone)", {}, true],
  ["async.data.ok", { ok: true }, true],
  ["async.data.ok", { ok: "yes" }, false],
  ["async.data.constructor == null", {}, false],
  ["async.data.to == 'kim'", null, false],
  ["async.name == 'paid' && event.name == 'refund'", null, true],
])("the expression %s takes an event with %j: %j", (expression, data, fits) => {
  expect(eventFilter(expression)(paid(data), trigger)).toBe(fits);
});

test.each([
  ["async.data.to =", /^if: "async\.data\.to =" is not an expression/],
  ["process.exit(1)", /Unknown variable: process/],
  ["async.data.to.matches('(a+)+$')", /^if: .* matches isn't available; use contains, startsWith or endsWith/],
  ["async.data.lines.exists(line, has(line.sku) && line.sku.matches(input.to))", /matches isn't available/],
  ["'kim'.matches('kim')", /matches isn't available/],
  ["1 + 1", /gives int, not true or false/],
  ["async.data.to.constructor('return 1')()", /^if: /],
  [Array(300).fill("true").join(" && "), /^if: /],
])("the expression %s is refused, naming the field", (expression, message) => {
  expect(() => eventFilter(expression)).toThrow(message);
});

test("an event fits when both its values and the expression do", () => {
  const awaited = { name: "paid", match: { "data.to": "kim" }, if: "async.data.amount > 1" };
  expect(isAwaited(awaited, paid({ to: "kim", amount: 2 }), trigger)).toBe(true);
  expect(isAwaited(awaited, paid({ to: "bo", amount: 2 }), trigger)).toBe(false);
  expect(isAwaited(awaited, paid({ to: "kim", amount: 1 }), trigger)).toBe(false);
});
