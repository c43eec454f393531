/** Wakes everything that shows time on one timer: each 30 s, or each second while a deadline is a minute away. */
export interface Ticker {
  /** @param deadlineMs ms since the epoch; Infinity for what only shows how long ago something was */
  subscribe(deadlineMs: number, listener: () => void): () => void;
}

const minute = 60_000;

/** Milliseconds between looks at the clock with this much left: half a minute, a second in the last minute. */
export function tickStep(remainingMs: number): number {
  return remainingMs > 0 && remainingMs <= minute ? 1_000 : 30_000;
}

/** Creates a ticker; its timer runs only while somebody is subscribed. */
export function createTicker(now: () => number = Date.now): Ticker {
  const entries = new Set<{ deadlineMs: number; listener: () => void }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    clearTimeout(timer);
    if (entries.size === 0) return;
    timer = setTimeout(tick, Math.min(...[...entries].map(waitOf)));
  }

  /** Until the next step of an entry, and no longer than until its last minute begins. */
  function waitOf({ deadlineMs }: { deadlineMs: number }): number {
    const remaining = deadlineMs - now();
    const lastMinute = remaining - minute;
    return lastMinute > 0 ? Math.min(30_000, lastMinute) : tickStep(remaining);
  }

  function tick(): void {
    for (const { listener } of [...entries]) listener();
    schedule();
  }

  return {
    subscribe(deadlineMs, listener) {
      const entry = { deadlineMs, listener };
      entries.add(entry);
      schedule();
      return () => {
        entries.delete(entry);
        schedule();
      };
    },
  };
}
