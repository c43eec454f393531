import fc from "fast-check";
import { expect, test } from "vitest";
import type { DiffLine } from "./diff-lines.tsx";
import { type DiffRow, diffRows } from "./diff-rows.ts";

const lines = (rows: DiffRow[]): DiffLine[] => rows.flatMap((row) => (row.kind === "fold" ? row.lines : [row]));
const text = (line: DiffLine): string => line.parts.map((part) => part.text).join("");

test("a changed line shows the words that differ", () => {
  const [removed, added] = lines(diffRows("Dear Ana, hello", "Dear Ana, welcome"));
  expect(removed).toEqual({
    kind: "removed",
    parts: [
      { text: "Dear Ana, ", changed: false },
      { text: "hello", changed: true },
    ],
  });
  expect(added).toEqual({
    kind: "added",
    parts: [
      { text: "Dear Ana, ", changed: false },
      { text: "welcome", changed: true },
    ],
  });
});

test("lines with nothing in common are whole lines", () => {
  expect(lines(diffRows("apples", "12"))).toEqual([
    { kind: "removed", parts: [{ text: "apples", changed: false }] },
    { kind: "added", parts: [{ text: "12", changed: false }] },
  ]);
});

test("a missing last line end is no change", () => {
  expect(lines(diffRows("a\nb", "a\nb\n")).map((line) => line.kind)).toEqual(["same", "same"]);
});

test("unchanged lines away from a change are folded", () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
  const rows = diffRows(before, before.replace("line 10", "line ten"));
  expect(rows.map((row) => row.kind)).toEqual(["fold", "same", "same", "removed", "added", "same", "same", "fold"]);
});

test("both texts can be read back from the rows", () => {
  const prose = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " ", "c") }), { maxLength: 30 });
  fc.assert(
    fc.property(prose, prose, (a, b) => {
      const rows = lines(diffRows(a.join("\n"), b.join("\n")));
      const side = (gone: DiffLine["kind"]) =>
        rows
          .filter((row) => row.kind !== gone)
          .map(text)
          .join("\n");
      expect(side("added")).toBe(a.join("\n").replace(/\n$/, ""));
      expect(side("removed")).toBe(b.join("\n").replace(/\n$/, ""));
    }),
  );
});
