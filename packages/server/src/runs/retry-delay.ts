import { durationMs, RetryAfterError, type StepOptions } from "@holdpoint/core";
import { backoffMs, type Random } from "../backoff.ts";

const longestBackoffMs = 3_600_000;

/**
 * How long to wait for the next attempt, in ms: as long as the error says, else the step's backoff, which grows up to an
 * hour.
 *
 * @param failure.attempt the one that threw, from 1
 */
export function retryDelayMs(
  { backoff = "1s" }: StepOptions,
  { thrown, attempt, now, random }: { thrown: unknown; attempt: number; now: number; random: Random },
): number {
  if (thrown instanceof RetryAfterError) return waitMs(thrown, now);
  const firstMs = durationMs(backoff);
  return backoffMs({ firstMs, longestMs: Math.max(longestBackoffMs, firstMs) }, attempt, random);
}

function waitMs({ when }: RetryAfterError, now: number): number {
  return when instanceof Date ? Math.max(0, when.getTime() - now) : durationMs(when);
}
