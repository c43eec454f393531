import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import { FailingLookups } from "./failing-lookups.ts";

const start = createTestClock().now();

test("the wait for a group grows up to a minute, with jitter, until the host answers", () => {
  const clock = createTestClock();
  let random = 1;
  const failing = new FailingLookups(clock, () => random);
  const waits = Array.from({ length: 8 }, () => {
    failing.failed("acme", ["legal"]);
    return (failing.until("acme", ["legal"]) ?? start) - start;
  });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  random = 0;
  failing.failed("acme", ["legal"]);
  expect(failing.until("acme", ["legal"])).toBe(start + 48_000);
  clock.advance(48_000);
  expect(failing.until("acme", ["legal"])).toBeUndefined();
  failing.answered("acme", ["legal"]);
  failing.failed("acme", ["legal"]);
  expect(failing.until("acme", ["legal"])).toBe(start + 48_800);
});

test("a group is waited for in its tenant only, and holds up what is asked together with it", () => {
  const failing = new FailingLookups(createTestClock(), () => 1);
  failing.failed("acme", ["legal"]);
  expect(failing.until("acme", ["ops", "legal"])).toBe(start + 1_000);
  expect(failing.until("acme", ["ops"])).toBeUndefined();
  expect(failing.until("other", ["legal"])).toBeUndefined();
  expect(failing.until("acme", [])).toBeUndefined();
});

test("of a thousand groups and one, the first to fail is forgotten", () => {
  const failing = new FailingLookups(createTestClock(), () => 1);
  const groups = Array.from({ length: 1_001 }, (_, i) => `group ${i}`);
  failing.failed("acme", groups);
  expect(groups.filter((group) => failing.until("acme", [group]) === undefined)).toEqual(["group 0"]);
});
