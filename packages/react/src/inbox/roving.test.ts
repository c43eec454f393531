import fc from "fast-check";
import { expect, test } from "vitest";
import { rowAfterKey } from "./roving.ts";

test("arrows move by one row and stop at the ends", () => {
  expect(rowAfterKey("ArrowDown", 0, 3)).toBe(1);
  expect(rowAfterKey("ArrowDown", 2, 3)).toBe(2);
  expect(rowAfterKey("ArrowUp", 2, 3)).toBe(1);
  expect(rowAfterKey("ArrowUp", 0, 3)).toBe(0);
});

test("Home and End go to the ends, pages by ten rows", () => {
  expect(rowAfterKey("Home", 5, 30)).toBe(0);
  expect(rowAfterKey("End", 5, 30)).toBe(29);
  expect(rowAfterKey("PageDown", 5, 30)).toBe(15);
  expect(rowAfterKey("PageUp", 5, 30)).toBe(0);
});

test("other keys and empty lists move nothing", () => {
  for (const key of ["Enter", " ", "a", "ArrowLeft"]) expect(rowAfterKey(key, 1, 3)).toBeUndefined();
  expect(rowAfterKey("ArrowDown", -1, 0)).toBeUndefined();
});

test("the focus never leaves the list", () => {
  const key = fc.constantFrom("ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End");
  fc.assert(
    fc.property(key, fc.integer({ min: -1, max: 400 }), fc.integer({ min: 1, max: 300 }), (pressed, index, count) => {
      const row = rowAfterKey(pressed, index, count);
      expect(row).toBeGreaterThanOrEqual(0);
      expect(row).toBeLessThan(count);
    }),
  );
});
