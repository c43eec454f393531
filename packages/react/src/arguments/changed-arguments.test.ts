import { sameJson } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { changedArguments } from "./changed-arguments.ts";

test("only what differs is named, with both sides", () => {
  expect(changedArguments({ to: "ana", subject: "Hi" }, { to: "ana", subject: "Hello" })).toEqual([
    { pointer: "/subject", label: "Subject", before: "Hi", after: "Hello" },
  ]);
});

test("arguments that came or went have one side", () => {
  expect(changedArguments({ a: 1 }, { b: null })).toEqual([
    { pointer: "/a", label: "A", before: 1, after: undefined },
    { pointer: "/b", label: "B", before: undefined, after: null },
  ]);
});

test("nested arguments are named by their path and the schema's titles", () => {
  const schema = { properties: { offer: { title: "Offer", properties: { "x/y": { title: "Price" } } } } };
  expect(changedArguments({ offer: { "x/y": 1 } }, { offer: { "x/y": 2 } }, schema)).toEqual([
    { pointer: "/offer/x~1y", label: "Offer: Price", before: 1, after: 2 },
  ]);
});

test("an argument named like an inherited property came or went like any other", () => {
  expect(changedArguments({ toString: 1 }, {})).toEqual([
    { pointer: "/toString", label: "To string", before: 1, after: undefined },
  ]);
});

test("a change of type is a change", () => {
  expect(changedArguments({ amount: 5 }, { amount: "5" })).toHaveLength(1);
});

test("there are changes exactly when the arguments are not the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [before, after] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      expect(changedArguments(before, before)).toEqual([]);
      expect(changedArguments(before, after).length === 0).toBe(sameJson(before, after));
    }),
  );
});
