import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText } from "./fold-text.ts";

test("a short text is shown whole", () => {
  expect(foldText("one\ntwo", 10)).toEqual({ shown: "one\ntwo", hiddenLines: 0 });
});

test("a long text is cut after so many lines", () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n");
  const folded = foldText(text, 10);
  expect(folded.shown.split("\n")).toHaveLength(10);
  expect(folded.hiddenLines).toBe(90);
});

test("one endless line is cut as the lines it wraps to", () => {
  const folded = foldText("x".repeat(9_000), 10);
  expect(folded.shown).toHaveLength(900);
  expect(folded.hiddenLines).toBe(90);
});

test("what is shown is always the beginning, and whole when nothing is hidden", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3_000 }), fc.integer({ min: 1, max: 20 }), (text, lines) => {
      const folded = foldText(text, lines);
      if (folded.hiddenLines === 0) expect(folded.shown).toBe(text);
      else expect(text.startsWith(folded.shown)).toBe(true);
    }),
  );
});
