import { expect, test } from "vitest";
import { clippedTitle } from "./clipped-title.ts";

test.each([
  ["x".repeat(200), "x".repeat(200)],
  ["x".repeat(201), `${"x".repeat(199)}…`],
  [`${"x".repeat(198)}😀😀`, `${"x".repeat(198)}…`],
  [`${"x".repeat(197)}😀😀`, `${"x".repeat(197)}😀…`],
])("a title is at most 200 long, and no character of it is cut in half: %s", (text, title) => {
  expect(clippedTitle(text)).toBe(title);
});
