import fc from "fast-check";
import { expect, test } from "vitest";
import { isLike } from "./glob.ts";

test.each([
  ["email.send", "email.send", true],
  ["email.send", "email.*", true],
  ["email.", "email.*", true],
  ["mail.send", "email.*", false],
  ["email.send", "*send", true],
  ["email.send.now", "email.*.now", true],
  ["email.now", "email.*.now", false],
  ["ab", "ab*b", false],
  ["a.b.c", "*.b.*", true],
  ["anything", "*", true],
  ["", "*", true],
  ["Email.send", "email.*", false],
  ["a+b", "a+b", true],
  ["aab", "a+b", false],
])("%s is like %s: %s", (text, glob, like) => {
  expect(isLike(text, glob)).toBe(like);
});

test("globs say what the same pattern says as a regular expression", () => {
  const letters = (extra: string) => fc.string({ unit: fc.constantFrom(..."ab.", ...extra), maxLength: 8 });
  fc.assert(
    fc.property(letters(""), letters("**"), (text, glob) => {
      const pattern = glob.replaceAll(".", "\\.").replaceAll(/\*+/g, ".*");
      expect(isLike(text, glob)).toBe(new RegExp(`^${pattern}$`).test(text));
    }),
  );
});
