import { HoldpointError } from "../error.ts";
import { durationMs } from "../time/duration.ts";
import type { Approval } from "./approval.ts";
import { applyCancel } from "./lifecycle.ts";
import { assertPending } from "./reviewable.ts";

/**
 * Restarts the lease: the requester is there. Nobody is shown this, so it is neither an update nor an event.
 *
 * @throws {HoldpointError} `already_resolved`, with the outcome; `invalid_request` when the request named no lease
 */
export function applyHeartbeat(approval: Approval, now: string): Approval {
  assertPending(approval);
  if (approval.lease) return leased(approval, Date.parse(now) + durationMs(approval.lease));
  throw new HoldpointError("invalid_request", "This approval has no lease; request it with one to send heartbeats.");
}

/**
 * Withdraws an approval whose requester has gone away. Where heartbeats could not arrive for the whole of the lease, it
 * is given once more instead.
 *
 * @param upSince since when they could, ISO 8601; default always
 */
export function applyLeaseEnd(approval: Approval, now: string, upSince?: string): Approval {
  const { lease, leaseUntil = now } = approval;
  const until = upSince && lease ? Date.parse(upSince) + durationMs(lease) : 0;
  if (until > Date.parse(now)) return leased(approval, until);
  return applyCancel(approval, { now, reason: `The requester went away; its lease ended at ${leaseUntil}.` });
}

function leased(approval: Approval, until: number): Approval {
  return { ...approval, leaseUntil: new Date(until).toISOString(), version: approval.version + 1 };
}
