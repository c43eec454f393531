import type { Clock } from "../clock.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by `ms`, calling on the way what is due, in order. */
  advance(ms: number): void;
}

interface Timer {
  dueAt: number;
  listener: () => void;
}

/** @param startMs milliseconds since the epoch; default now */
export function createManualClock(startMs: number = Date.now()): ManualClock {
  let now = startMs;
  const timers = new Set<Timer>();

  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.dueAt <= until && (!next || timer.dueAt < next.dueAt)) next = timer;
    return next;
  };

  return {
    now: () => now,
    after(ms, listener) {
      const timer = { dueAt: now + Math.max(0, ms), listener };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueAt);
        timer.listener();
      }
      now = until;
    },
  };
}
