import {
  type Act,
  type Approval,
  applyClaim,
  applyComment,
  applyReassign,
  applyRelease,
  type ClaimInput,
  type CommentInput,
  groupsToReassign,
  type ReassignInput,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { GroupLookup } from "./group-lookup.ts";
import { transition } from "./transition.ts";
import { lockVisible } from "./visible-approval.ts";

/**
 * Gives the current stage other reviewers; see `applyReassign` for who may name whom.
 *
 * @throws {HoldpointError} `not_found`, `already_resolved`, `forbidden`, `not_a_reviewer`, `self_approval`,
 *   `invalid_request`; `unavailable` when the host doesn't say who is in a group
 */
export async function reassignApproval(
  ctx: Context,
  viewer: Viewer,
  id: string,
  input: ReassignInput,
): Promise<Approval> {
  const groups = new GroupLookup(ctx, viewer.tenantId);
  return groups.write(async (tx) => {
    const approval = await lockVisible(tx, viewer, id);
    const now = isoTime(ctx.clock.now());
    const groupMembers = groups.members(groupsToReassign(approval, input, viewer));
    const { approval: reassigned, events } = applyReassign(approval, input, viewer, { now, groupMembers });
    return transition(ctx, tx, approval, reassigned, events);
  });
}

/**
 * Claims the approval: shows others for a while that the viewer is working on it; they can still decide.
 *
 * @throws {HoldpointError} `not_found`, `already_resolved`, `already_claimed`, `not_a_reviewer`, `self_approval`,
 *   `decision_not_allowed`
 */
export function claimApproval(ctx: Context, viewer: Viewer, id: string, input: ClaimInput = {}): Promise<Approval> {
  return act(ctx, viewer, id, (approval, now) => applyClaim(approval, input, viewer, now));
}

/**
 * Gives up a claim.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`
 */
export function releaseApproval(ctx: Context, viewer: Viewer, id: string): Promise<Approval> {
  return act(ctx, viewer, id, (approval, now) => applyRelease(approval, viewer, now));
}

/**
 * Comments without deciding.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`
 */
export function commentOnApproval(ctx: Context, viewer: Viewer, id: string, input: CommentInput): Promise<Approval> {
  return act(ctx, viewer, id, (approval, now) => applyComment(approval, input, viewer, now));
}

async function act(
  ctx: Context,
  viewer: Viewer,
  id: string,
  rule: (approval: Approval, now: string) => Act,
): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockVisible(tx, viewer, id);
    const { approval: after, events } = rule(approval, isoTime(ctx.clock.now()));
    return transition(ctx, tx, approval, after, events);
  });
}
