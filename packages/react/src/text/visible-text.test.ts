import fc from "fast-check";
import { expect, test } from "vitest";
import { textPieces, visibleText } from "./visible-text.ts";

test("plain text in any script stays one piece", () => {
  for (const text of ["Refund €1,240.00", "مرحبا بالعالم", "日本語\n\tsecond line"]) {
    expect(textPieces(text)).toEqual([{ text }]);
  }
});

test("a right-to-left override is named where it stands", () => {
  expect(textPieces("invoice\u202efdp.exe")).toEqual([{ text: "invoice" }, { hidden: "U+202E" }, { text: "fdp.exe" }]);
});

test("zero-width spaces, tag characters and control characters become visible", () => {
  expect(visibleText("a\u200bb\u{e0041}c\u0007d\u00ade")).toBe("a⟦U+200B⟧b⟦U+E0041⟧c⟦U+0007⟧d⟦U+00AD⟧e");
});

test("joiners that spell an emoji or a word stay hidden", () => {
  for (const text of ["👩‍💻", "❤️", "می‌خواهم", "क्‍ष", "1️⃣"]) expect(visibleText(text)).toBe(text);
});

test("a joiner between latin letters is a trick and shows", () => {
  expect(visibleText("pay\u200dpal")).toBe("pay⟦U+200D⟧pal");
});

test("nothing is lost: naming the hidden characters back gives the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const back = textPieces(text)
        .map((piece) =>
          "text" in piece ? piece.text : String.fromCodePoint(Number.parseInt(piece.hidden.slice(2), 16)),
        )
        .join("");
      expect(back).toBe(text);
    }),
  );
});
