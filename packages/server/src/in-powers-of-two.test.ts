import fc from "fast-check";
import { expect, test } from "vitest";
import { inPowersOfTwo } from "./in-powers-of-two.ts";

test("pieces in powers of two hold everything in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 300 }), (items) => {
      const pieces = inPowersOfTwo(items);
      expect(pieces.flat()).toEqual(items);
      expect(pieces.every(({ length }) => [1, 2, 4, 8, 16, 32, 64].includes(length))).toBe(true);
    }),
  );
});
