import { type Duration, durationMs } from "../time/duration.ts";

/** Waits between the attempts of a delivery, in order; after the last one it is parked. */
export const defaultDeliverySchedule: readonly Duration[] = [
  "1s",
  "5s",
  "30s",
  "2m",
  "10m",
  "30m",
  "2h",
  "5h",
  "10h",
  "24h",
];

/** Longest wait that a receiver can ask for, ms. */
const maxRetryAfterMs = durationMs("24h");

/** What decides when to try again. */
export interface AttemptFacts {
  /** Attempts so far, the one that just failed included. */
  attempts: number;
  schedule: readonly Duration[];
  /** From 0 up to 1. */
  random: () => number;
  /** How long the receiver wants to be left alone, ms. */
  retryAfterMs?: number;
}

/**
 * How long to wait before the next attempt, ms; undefined when the schedule is over. A fifth more or less, so that what
 * failed together isn't tried again together; never before the receiver wants it, nor more than a day later for that.
 */
export function nextAttemptMs({ attempts, schedule, random, retryAfterMs = 0 }: AttemptFacts): number | undefined {
  const wait = schedule[attempts - 1];
  if (wait === undefined) return undefined;
  // A header that is no number makes for one.
  const asked = Number.isNaN(retryAfterMs) ? 0 : retryAfterMs;
  const jittered = Math.round(durationMs(wait) * (0.8 + 0.4 * random()));
  return Math.max(jittered, Math.min(asked, maxRetryAfterMs));
}
