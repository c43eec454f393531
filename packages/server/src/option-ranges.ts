import { durationMs, HoldpointError } from "@holdpoint/core";
import { longestTimerMs } from "./clock.ts";
import type { HoldpointOptions } from "./options.ts";

/** What a number may be. */
interface Range {
  is(value: number): boolean;
  /** Completes "must be ...". */
  wanted: string;
}

const atLeast = (least: number): Range => ({ is: (value) => value >= least, wanted: `at least ${least}` });
const wholeFrom = (least: number): Range => ({
  is: (value) => Number.isSafeInteger(value) && value >= least,
  wanted: `a whole number from ${least}`,
});
const timerMs: Range = {
  is: (value) => value >= 1 && value <= longestTimerMs,
  wanted: `from 1 to ${longestTimerMs} ms`,
};

/**
 * Refuses numbers and durations with which a server would do nothing, never rest, or fail later.
 *
 * @throws {HoldpointError} `invalid_request` naming the option
 */
export function assertRanges({ deliveries = {}, rateLimit, ...options }: HoldpointOptions): void {
  assertRange("runConcurrency", options.runConcurrency, wholeFrom(0));
  assertRange("leaseMs", options.leaseMs, timerMs);
  assertRange("handlerStallMs", options.handlerStallMs, atLeast(1));
  assertRange("maxRecoveries", options.maxRecoveries, atLeast(0));
  assertRange("deliveries.timeoutMs", deliveries.timeoutMs, timerMs);
  for (const [place, wait] of (deliveries.schedule ?? []).entries()) durationMs(wait, `deliveries/schedule/${place}`);
  if (!rateLimit) return;
  assertRange("rateLimit.requests", rateLimit.requests, wholeFrom(1));
  assertRange("rateLimit.seconds", rateLimit.seconds, atLeast(1));
}

function assertRange(option: string, value: unknown, { is, wanted }: Range): void {
  if (value === undefined || (typeof value === "number" && is(value))) return;
  throw new HoldpointError("invalid_request", `${option}: must be ${wanted}, not ${value}.`);
}
