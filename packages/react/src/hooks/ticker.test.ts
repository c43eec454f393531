import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTicker, tickStep } from "./ticker.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

test("ticks each half minute while every deadline is far", () => {
  const ticks: number[] = [];
  const stop = createTicker().subscribe(3_600_000, () => ticks.push(Date.now()));
  vi.advanceTimersByTime(90_000);
  stop();
  expect(ticks).toEqual([30_000, 60_000, 90_000]);
});

test("ticks each second in a deadline's last minute, from its first second on", () => {
  const ticks: number[] = [];
  const stop = createTicker().subscribe(100_000, () => ticks.push(Date.now()));
  vi.advanceTimersByTime(43_000);
  stop();
  expect(ticks).toEqual([30_000, 40_000, 41_000, 42_000, 43_000]);
});

test("holds no timer without a subscriber", () => {
  const ticker = createTicker();
  const stops = [ticker.subscribe(1_000, () => {}), ticker.subscribe(Number.POSITIVE_INFINITY, () => {})];
  expect(vi.getTimerCount()).toBe(1);
  for (const stop of stops) stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("goes back to half minutes once the deadline has passed", () => {
  expect([90_000, 60_000, 1, 0, -5].map(tickStep)).toEqual([30_000, 1_000, 1_000, 30_000, 30_000]);
});
