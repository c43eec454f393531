import fc from "fast-check";
import { expect, test } from "vitest";
import { duration } from "../json/field.ts";
import { parse } from "../json/parse.ts";
import { durationMs, isDuration } from "./duration.ts";

test.each([
  ["250ms", 250],
  ["30s", 30_000],
  ["4h", 14_400_000],
  ["7d", 604_800_000],
  ["1h30m", 5_400_000],
  ["1m500ms", 60_500],
])("%s is %i ms", (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

test.each(["", "0s", "5", "1.5h", "-1h", "30m1h", "1h 30m", "1H", "36526d", "9".repeat(400)])(
  "%j is not a duration",
  (text) => {
    expect(isDuration(text)).toBe(false);
    expect(() => durationMs(text)).toThrow("is not a duration");
  },
);

test.each(["0s", "36526d"])("the limits are named to who gives %j, which looks like a duration", (text) => {
  const message = 'must be longer than "0ms" and at most "36525d", a hundred years';
  expect(() => durationMs(text, "timeout")).toThrow(`timeout: ${message}.`);
  expect(() => durationMs(text)).toThrow(`"${text}" is not a duration: it ${message}.`);
  expect(() => parse(duration, text)).toThrow(message);
  expect(() => durationMs("soon", "timeout")).toThrow('timeout: must be a duration such as "30s", "4h" or "1h30m".');
});

test("the units of a duration add up", () => {
  const unit = fc.nat(1_000);
  fc.assert(
    fc.property(unit, unit, unit, unit, unit, (d, h, m, s, ms) => {
      fc.pre(d + h + m + s + ms > 0);
      const expected = (((d * 24 + h) * 60 + m) * 60 + s) * 1_000 + ms;
      expect(durationMs(`${d}d${h}h${m}m${s}s${ms}ms`)).toBe(expected);
    }),
  );
});

test("every duration that is taken makes a valid date", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789dhms") }), (text) => {
      fc.pre(isDuration(text));
      expect(new Date(Date.parse("9999-12-31T00:00:00Z") + durationMs(text)).getTime()).not.toBeNaN();
    }),
  );
});
