import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldName, jsonPointer, pointerPath } from "./pointer.ts";

test("a pointer escapes what RFC 6901 reserves", () => {
  expect(jsonPointer(["a/b", "m~n", 0])).toBe("/a~1b/m~0n/0");
  expect(jsonPointer([])).toBe("");
});

test("a pointer leads back to its path", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      expect(pointerPath(jsonPointer(path))).toEqual(path);
    }),
  );
});

test("a field's name reads like code", () => {
  expect(fieldName(["content", 3, "url"])).toBe("content[3].url");
  expect(fieldName([])).toBe("");
});
