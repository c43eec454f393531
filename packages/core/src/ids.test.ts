import { expect, test } from "vitest";
import { createIds, firstIdAt, idTime } from "./ids.ts";

test("an id is its prefix and 26 letters and digits", () => {
  expect(createIds()("apr")).toMatch(/^apr_[0-9A-Z]{26}$/);
});

test("ids sort in the order they were made, also when the clock stands still or jumps back", () => {
  const times = [2_000, 2_000, 1_000, 3_000, 2_999];
  const newId = createIds({ now: () => times.shift() ?? 0 });
  const ids = Array.from({ length: 5 }, () => newId("apr"));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(5);
});

test("an id tells when it was made, and a moment where its ids begin, also when the clock jumps back", () => {
  const times = [2_000, 1_000, 3_000];
  const newId = createIds({ now: () => times.shift() ?? 0 });
  const [first, second, third] = Array.from({ length: 3 }, () => newId("run"));
  expect([first, second, third].map((id = "") => idTime(id))).toEqual([2_000, 2_000, 3_000]);
  const begins = firstIdAt("run", 3_000);
  expect([first, second, begins, third].toSorted()).toEqual([first, second, begins, third]);
});

test("ids can be made predictable", () => {
  const make = () => createIds({ now: () => 0, random: () => 0 })("run");
  expect(make()).toBe(make());
});
