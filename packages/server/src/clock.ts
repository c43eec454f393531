/** The longest time that timers hold, in ms: with more they strike at once. */
export const longestTimerMs: number = 2 ** 31 - 1;

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

/**
 * What `work` gives if it ends within `ms`. Otherwise it is no longer waited for, whatever it still does.
 *
 * @param late makes the error to reject with then
 */
export async function within<T>(clock: Clock, ms: number, work: () => T | Promise<T>, late: () => Error): Promise<T> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const stop = clock.after(ms, () => reject(late()));
  try {
    return await Promise.race([work(), overdue]);
  } finally {
    stop();
  }
}
