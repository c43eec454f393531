import type { Clock } from "./clock.ts";

interface Timer {
  at: number;
  listener: () => void;
}

/** A clock that stands still until it is told otherwise. */
export interface TestClock extends Clock {
  /** Moves time, backwards too. As on a machine that was asleep, a timer that came due meanwhile strikes once, late. */
  advance(ms: number): void;
  /** How many timers are set. */
  readonly timers: number;
}

/** Stands at the given moment, ISO 8601. */
export function createTestClock(start = "2026-01-01T00:00:00.000Z"): TestClock {
  let now = Date.parse(start);
  const timers = new Set<Timer>();
  const strike = (timer: Timer) => {
    if (timers.delete(timer)) timer.listener();
  };
  return {
    get timers() {
      return timers.size;
    },
    now: () => now,
    after(ms, listener) {
      const timer = { at: now + ms, listener };
      timers.add(timer);
      if (ms <= 0) setImmediate(strike, timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      const due = [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      due.forEach(strike);
    },
  };
}
