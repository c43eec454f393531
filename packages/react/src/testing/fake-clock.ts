/** A clock that starts where it is told and goes on from there in real time. */
export interface FakeClock {
  /** ms since the epoch */
  now(): number;
  /** Puts the clock to `ms` since the epoch. */
  set(ms: number): void;
}

/** A clock that shows `startMs` (ms since the epoch) now. */
export function createFakeClock(startMs: number): FakeClock {
  let aheadMs = startMs - Date.now();
  return {
    now: () => Date.now() + aheadMs,
    set(ms) {
      aheadMs = ms - Date.now();
    },
  };
}
