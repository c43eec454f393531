/** Time, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `listener` once after `ms` (clamped by the caller to what timers can hold); returns how to call it off. */
  after(ms: number, listener: () => void): () => void;
}

/** The machine's clock. Its timers don't keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, listener) {
    const timer = setTimeout(listener, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
