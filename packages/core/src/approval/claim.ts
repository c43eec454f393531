import * as z from "zod";
import { HoldpointError } from "../error.ts";
import { duration, type ShapeOf } from "../json/field.ts";
import { asJson } from "../json/json.ts";
import { type Duration, durationMs, isDuration } from "../time/duration.ts";
import type { Person, Viewer } from "../viewer.ts";
import { type Act, personOf } from "./act.ts";
import type { Approval } from "./approval.ts";
import { approvalEvent } from "./approval-events.ts";
import { assertPending, hasApproved, refusal, reviewable } from "./reviewable.ts";
import { changed, unclaimed } from "./transition.ts";

/** What claiming takes. */
export interface ClaimInput {
  /** How long the claim holds, at most 24 hours; default `10m`. Claiming again before it ends restarts it. */
  for?: Duration;
}

const defaultHold: Duration = "10m";
const longestHold: Duration = "24h";

/** Wire form of {@link ClaimInput}. */
export const claimInputSchema: z.ZodType<ClaimInput> = z.strictObject({
  for: duration
    .refine((text) => !isDuration(text) || durationMs(text) <= durationMs(longestHold), "must be at most 24h")
    .optional(),
} satisfies ShapeOf<ClaimInput>);

/** Who has claimed the approval; undefined once the claim has expired. */
export function claimHolder({ claimedBy, claimExpiresAt }: Approval, now: string): Person | undefined {
  if (!claimedBy || !claimExpiresAt) return undefined;
  return Date.parse(now) < Date.parse(claimExpiresAt) ? claimedBy : undefined;
}

/**
 * Claims the approval: shows others that the viewer is working on it. A claim is a courtesy; others can still decide. It
 * ends when it expires, with the claimer's decision, when the approval is given other reviewers or reaches another stage,
 * and with the approval.
 *
 * @throws {HoldpointError} `already_claimed` while somebody else's claim holds; `decision_not_allowed` to those who
 *   have approved; as `reviewable` refuses those who can't decide now
 */
export function applyClaim(
  approval: Approval,
  { for: hold = defaultHold }: ClaimInput,
  viewer: Viewer,
  now: string,
): Act {
  assertPending(approval);
  const allowed = reviewable(approval, viewer);
  if (!allowed.ok) throw refusal(approval, allowed);
  if (hasApproved(approval, viewer.id)) {
    throw new HoldpointError("decision_not_allowed", "You have approved this already; it waits for others.");
  }
  const holder = claimHolder(approval, now);
  if (holder && holder.id !== viewer.id) throw alreadyClaimed(holder, approval.claimExpiresAt ?? now);
  const claimedBy = personOf(viewer);
  const claimExpiresAt = new Date(Date.parse(now) + durationMs(hold)).toISOString();
  const claimed = changed(approval, now, { claimedBy, claimExpiresAt });
  return {
    approval: claimed,
    events: [approvalEvent("approval.claimed", claimed, { until: claimExpiresAt }, claimedBy)],
  };
}

/**
 * Gives a claim up: one's own, or as an admin anybody's. Where nothing is claimed nothing happens.
 *
 * @throws {HoldpointError} `forbidden` when the claim is somebody else's
 */
export function applyRelease(approval: Approval, viewer: Viewer, now: string): Act {
  const holder = claimHolder(approval, now);
  if (!holder) return { approval, events: [] };
  if (holder.id !== viewer.id && viewer.role !== "admin") {
    throw new HoldpointError("forbidden", `${nameOf(holder)} has claimed this; only they or an admin can release it.`);
  }
  const released = changed(approval, now, unclaimed);
  return { approval: released, events: [approvalEvent("approval.released", released, {}, personOf(viewer))] };
}

/**
 * Ends a claim whose time is over.
 *
 * @throws {HoldpointError} `already_resolved`; `decision_not_allowed` while it holds, or when there is none
 */
export function applyClaimExpiry(approval: Approval, now: string): Act {
  assertPending(approval);
  if (!approval.claimedBy || claimHolder(approval, now)) {
    throw new HoldpointError("decision_not_allowed", "There is no claim whose time is over.");
  }
  const released = changed(approval, now, unclaimed);
  return { approval: released, events: [approvalEvent("approval.released", released, { expired: true })] };
}

function alreadyClaimed(claimedBy: Person, claimExpiresAt: string): HoldpointError {
  const message = `${nameOf(claimedBy)} has claimed this until ${claimExpiresAt}; you can still decide it.`;
  return new HoldpointError("already_claimed", message, asJson({ claimedBy, claimExpiresAt }));
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}
