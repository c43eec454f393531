import { expect, test } from "vitest";
import { within } from "./clock.ts";
import { createTestClock } from "./test-clock.ts";

const late = () => new Error("It took too long.");

test("work that ends in time gives its result, and leaves no timer behind", async () => {
  const clock = createTestClock();
  await expect(within(clock, 1_000, async () => 7, late)).resolves.toBe(7);
  await expect(within(clock, 1_000, () => Promise.reject(new Error("No.")), late)).rejects.toThrow("No.");
  expect(clock.timers).toBe(0);
});

test("work that takes longer is no longer waited for", async () => {
  const clock = createTestClock();
  const waiting = within(clock, 1_000, () => new Promise(() => undefined), late);
  clock.advance(1_000);
  await expect(waiting).rejects.toThrow("It took too long.");
});

test("work that throws at once rejects, and leaves no timer behind", async () => {
  const clock = createTestClock();
  const work = () => {
    throw new Error("No.");
  };
  await expect(within(clock, 1_000, work, late)).rejects.toThrow("No.");
  expect(clock.timers).toBe(0);
});
