"use client";
import { useSteppedNow } from "./use-now.ts";

/** How a deadline stands. */
export interface Deadline {
  /** Never below 0. */
  remainingMs: number;
  /** Whether it is less than half an hour away. */
  expiring: boolean;
  /** Whether the time is over by this clock; the server decides whether the approval is. */
  over: boolean;
}

const expiringMs = 30 * 60_000;

/** How long until `at` (ISO 8601), renewed each half minute and each second in the last minute; undefined without `at`. */
export function useDeadline(at: string | undefined): Deadline | undefined {
  const deadlineMs = at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
  const now = useSteppedNow(deadlineMs);
  if (at === undefined) return undefined;
  const remainingMs = Math.max(0, deadlineMs - now);
  return { remainingMs, expiring: remainingMs < expiringMs, over: remainingMs === 0 };
}
