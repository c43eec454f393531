import fc from "fast-check";
import { expect, test } from "vitest";
import { createStepNames } from "./step-names.ts";

test("a repeated name is numbered in the order of its uses", () => {
  const unique = createStepNames();
  expect(["send", "wait", "send", "send"].map(unique)).toEqual(["send", "wait", "send#2", "send#3"]);
});

test("no two steps share a name, however they are called, and the same calls give the same names", () => {
  const name = fc.constantFrom("a", "b", "a#2", "a#2#2", "b#3");
  fc.assert(
    fc.property(fc.array(name), (calls) => {
      const names = calls.map(createStepNames());
      expect(new Set(names).size).toBe(calls.length);
      expect(calls.map(createStepNames())).toEqual(names);
    }),
  );
});

test.each(["", "  ", "x".repeat(201)])("a name like %j is refused", (name) => {
  expect(() => createStepNames()(name)).toThrow("A step's name must be 1 to 200 characters");
});

test("a name that a database would change is made one that it keeps", () => {
  const names = ["to \ud83d", "to \ud83e", "to \0"].map(createStepNames());
  expect(names).toEqual(["to \uFFFD", "to \uFFFD#2", "to \uFFFD#3"]);
});
