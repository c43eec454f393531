import { durationMs, RetryAfterError, type StepOptions } from "@holdpoint/core";

const longestBackoffMs = 3_600_000;

/** From 0 up to 1. */
export type Random = () => number;

/**
 * How long to wait for the next attempt, in ms: as long as the error says, else the backoff, doubled with every attempt
 * up to an hour. A fifth of that is random, so that what failed together spreads out.
 *
 * @param failure.attempt the one that threw, from 1
 */
export function retryDelayMs(
  { backoff = "1s" }: StepOptions,
  { thrown, attempt, now, random }: { thrown: unknown; attempt: number; now: number; random: Random },
): number {
  if (thrown instanceof RetryAfterError) return waitMs(thrown, now);
  const firstMs = durationMs(backoff);
  const full = Math.min(firstMs * 2 ** (attempt - 1), Math.max(longestBackoffMs, firstMs));
  return Math.ceil(full * (0.8 + 0.2 * random()));
}

function waitMs({ when }: RetryAfterError, now: number): number {
  return when instanceof Date ? Math.max(0, when.getTime() - now) : durationMs(when);
}
