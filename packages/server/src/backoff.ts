/** From 0 up to 1. */
export type Random = () => number;

/** How long is waited after a failure, in ms. */
export interface Backoff {
  firstMs: number;
  longestMs: number;
}

/**
 * How long to wait for the next attempt, in ms: doubled with every attempt, up to the longest. A fifth of that is random,
 * so that what failed together spreads out.
 *
 * @param attempt the one that failed, from 1
 */
export function backoffMs({ firstMs, longestMs }: Backoff, attempt: number, random: Random): number {
  return Math.ceil(Math.min(firstMs * 2 ** (attempt - 1), longestMs) * (0.8 + 0.2 * random()));
}
