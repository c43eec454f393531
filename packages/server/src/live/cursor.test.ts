import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor, isAt } from "./cursor.ts";

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);

test("a cursor names the place that it was made for", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), hash, (seq, hash) => {
      const place = decodeCursor(encodeCursor({ seq, hash }));
      expect(place?.seq).toBe(seq);
      expect(place && isAt(place, hash)).toBe(true);
    }),
  );
});

test("a cursor is not at the same place of a log with other events", () => {
  const place = decodeCursor(encodeCursor({ seq: 7, hash: "a".repeat(64) }));
  expect(place && isAt(place, "b".repeat(64))).toBe(false);
});

test("text that is no cursor names no place", () => {
  fc.assert(fc.property(fc.string(), (text) => decodeCursor(text) === undefined));
  for (const text of ["-1", "1e3", "7", "7.", "7.zz", " 7.0123456789abcdef"]) {
    expect(decodeCursor(Buffer.from(text).toString("base64url"))).toBeUndefined();
  }
});
