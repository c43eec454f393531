/** How waits grow from one failed attempt to the next. */
export interface Backoff {
  /** The longest first wait, ms. */
  baseMs: number;
  /** The longest wait of all, ms. */
  capMs: number;
}

/**
 * A wait before the next attempt, ms: anywhere between nothing and a bound that doubles with every failure ("full
 * jitter"), so that clients that lost the same server don't come back together.
 *
 * @param failures how many attempts have failed in a row, from 1
 * @param random uniform in [0, 1)
 */
export function fullJitter(failures: number, { baseMs, capMs }: Backoff, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
}
