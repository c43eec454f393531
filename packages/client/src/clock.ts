/** Time, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `listener` once after `ms`; returns how to call it off. */
  after(ms: number, listener: () => void): () => void;
}

/** The longest a timer can wait; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, listener) {
    const timer = setTimeout(listener, Math.min(ms, longestMs));
    return () => clearTimeout(timer);
  },
};
