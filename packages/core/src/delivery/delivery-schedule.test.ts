import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs } from "../time/duration.ts";
import { defaultDeliverySchedule, nextAttemptMs } from "./delivery-schedule.ts";

const schedule = ["1s", "10s"];

test.each([
  [1, 0.5, undefined, 1_000],
  [1, 0, undefined, 800],
  [2, 0.5, undefined, 10_000],
  [3, 0.5, undefined, undefined],
  [1, 0.5, 60_000, 60_000],
  [2, 0.5, 3_000, 10_000],
  [1, 0.5, 1e12, 86_400_000],
  [1, 0.5, Number.NaN, 1_000],
  [3, 0.5, 60_000, undefined],
])(
  "after attempt %i (chance %d, told to wait %s) the next one comes in %s ms",
  (attempts, chance, retryAfterMs, ms) => {
    expect(nextAttemptMs({ attempts, schedule, random: () => chance, retryAfterMs })).toBe(ms);
  },
);

test("no wait is more than a fifth off its schedule, and every schedule ends", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempts, chance) => {
      const ms = nextAttemptMs({ attempts, schedule: defaultDeliverySchedule, random: () => chance });
      const wait = defaultDeliverySchedule[attempts - 1];
      if (wait === undefined) return ms === undefined;
      return Math.abs((ms ?? 0) - durationMs(wait)) <= durationMs(wait) * 0.2 + 1;
    }),
  );
});
