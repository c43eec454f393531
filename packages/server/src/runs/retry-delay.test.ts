import { RetryAfterError, type StepOptions } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const late = () => 1;

function delay(thrown: unknown, attempt = 1, options: StepOptions = {}): number {
  return retryDelayMs(options, { thrown, attempt, now, random: late });
}

test("the wait doubles with every attempt, up to an hour, or to a longer backoff", () => {
  const waits = [1, 2, 3, 12, 13, 40, 2_000].map((attempt) => delay(new Error("no"), attempt));
  expect(waits).toEqual([1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000, 3_600_000]);
  expect(delay(new Error("no"), 5, { backoff: "2h" })).toBe(7_200_000);
});

test("a fifth of the wait is random", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20 }), (chance, attempt) => {
      const wait = retryDelayMs({}, { thrown: "no", attempt, now, random: () => chance });
      const longest = delay("no", attempt);
      expect(wait).toBeGreaterThanOrEqual(longest * 0.8);
      expect(wait).toBeLessThanOrEqual(longest);
    }),
  );
});

test("an error may say when, by duration or date, whatever the backoff", () => {
  expect(delay(new RetryAfterError("Busy", "90s"), 7, { backoff: "1h" })).toBe(90_000);
  expect(delay(new RetryAfterError("Busy", new Date(now + 5_000)))).toBe(5_000);
  expect(delay(new RetryAfterError("Busy", new Date(now - 5_000)))).toBe(0);
});

test.each([["soon"], [new Date(Number.NaN)], [undefined as unknown as string]])(
  "an error that says %s is refused, naming the field",
  (when) => {
    expect(() => new RetryAfterError("Busy", when)).toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringMatching(/^when: must be/) }),
    );
  },
);
