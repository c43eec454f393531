import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../json/json.ts";
import { parse } from "../json/parse.ts";
import { awaitedEvent, eventWaitSchema, hasAwaitedValues, valueAt } from "./event-wait.ts";

const trigger = { id: "run_1", name: "order", data: { orderId: 7, customer: { id: "kim" }, lines: ["a", "b"] } };

test.each([
  ["data.orderId", 7],
  ["data.customer.id", "kim"],
  ["data.lines.1", "b"],
  ["data", trigger.data],
  ["data.missing", undefined],
  ["data.orderId.more", undefined],
  ["data.lines.length", undefined],
  ["data.constructor", undefined],
] as const)("the path %s leads to %j", (path, value) => {
  expect(valueAt(trigger, path)).toEqual(value);
});

test("a match by path wants the value that the input has there", () => {
  const awaited = awaitedEvent({ event: "order.paid", match: "data.customer.id", if: "true" }, trigger);
  expect(awaited).toEqual({ name: "order.paid", match: { "data.customer.id": "kim" }, if: "true" });
});

test("a match by a path that the input doesn't have is refused, naming the field", () => {
  expect(() => awaitedEvent({ event: "order.paid", match: "data.id" }, trigger)).toThrow(/^match: .*data\.id/);
});

test.each([
  [{ event: "" }, "event: must not be empty"],
  [{ event: "x", match: "orderId" }, "match: must be a path into the data"],
  [{ event: "x", match: { "data..id": 1 } }, "match"],
  [{ event: "x", timeout: "soon" }, "timeout: must be a duration"],
  [{ event: "x", if: " " }, "if: must not be blank"],
  [{ event: "x", unless: "true" }, "unless: is not a known field"],
])("a wait such as %j is refused, naming the field", (wait, message) => {
  expect(() => parse(eventWaitSchema, wait)).toThrow(message);
});

describe("an event", () => {
  const awaited = { name: "order.paid", match: { "data.orderId": 7, "data.customer": { id: "kim" } } };
  test.each<[name: string, data: Json, fits: boolean]>([
    ["order.paid", { orderId: 7, customer: { id: "kim" }, more: 1 }, true],
    ["order.paid", { orderId: "7", customer: { id: "kim" } }, false],
    ["order.paid", { orderId: 7, customer: { id: "kim", name: "Kim" } }, false],
    ["order.paid", { orderId: 7 }, false],
    ["order.paid", null, false],
    ["order.sent", { orderId: 7, customer: { id: "kim" } }, false],
  ])("%s with %j fits: %j", (name, data, fits) => {
    expect(hasAwaitedValues(awaited, { name, data })).toBe(fits);
  });

  test("fits a wait for any value that it has", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue()), (record) => {
        const data = record as { [key: string]: Json };
        const match = Object.fromEntries(Object.entries(data).map(([key, value]) => [`data.${key}`, value]));
        expect(hasAwaitedValues({ name: "x", match }, { name: "x", data })).toBe(true);
      }),
    );
  });
});
