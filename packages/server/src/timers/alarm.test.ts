import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import { Alarm } from "./alarm.ts";

test("an alarm strikes once, at the earliest of the times it was set to", () => {
  const clock = createTestClock();
  let strikes = 0;
  const alarm = new Alarm(clock, () => strikes++);
  for (const ms of [300, 100, 200]) alarm.by(clock.now() + ms);
  clock.advance(99);
  expect(strikes).toBe(0);
  clock.advance(1);
  expect(strikes).toBe(1);
  clock.advance(1_000);
  expect(strikes).toBe(1);
});

test("an alarm can be set again when it has struck, also by what it strikes", () => {
  const clock = createTestClock();
  const strikes: number[] = [];
  const start = clock.now();
  const alarm = new Alarm(clock, () => {
    strikes.push(clock.now() - start);
    if (strikes.length < 3) alarm.by(clock.now() + 10);
  });
  alarm.by(clock.now() + 10);
  for (let n = 0; n < 5; n++) clock.advance(10);
  expect(strikes).toEqual([10, 20, 30]);
});

test("a cleared alarm doesn't strike", () => {
  const clock = createTestClock();
  let strikes = 0;
  const alarm = new Alarm(clock, () => strikes++);
  alarm.by(clock.now() + 10);
  alarm.clear();
  clock.advance(20);
  expect(strikes).toBe(0);
});
