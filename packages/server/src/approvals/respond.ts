import {
  type Approval,
  applyDecision,
  type BulkItem,
  type BulkRespondInput,
  type BulkResult,
  type Decision,
  type DecisionSource,
  groupsToResolve,
  HoldpointError,
  type RespondInput,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { rememberDecision } from "../policy/grants.ts";
import { unexpectedError } from "../unexpected-error.ts";
import { checkJson } from "./check-json.ts";
import { GroupLookup } from "./group-lookup.ts";
import { isRepeated } from "./response-key.ts";
import { transition } from "./transition.ts";
import { lockVisible } from "./visible-approval.ts";

/** How a response came. */
export interface ResponseFacts {
  via?: DecisionSource;
  idempotencyKey?: string;
  /** Who is in groups; shared between responses that are given together. */
  groups?: GroupLookup;
}

/**
 * Records one reviewer's decision; the approval resolves when its last stage is satisfied. The same response again with
 * the same idempotency key changes nothing and returns the approval as it stands.
 *
 * @throws {HoldpointError} `not_found`, `already_resolved`, `not_a_reviewer`, `self_approval`, `decision_not_allowed`,
 *   `digest_mismatch`, `invalid_args`; `idempotency_conflict` when the key came with another response; `unavailable`
 *   when the host doesn't say who is in a group
 */
export async function respond(
  ctx: Context,
  viewer: Viewer,
  id: string,
  input: RespondInput,
  { via = "api", idempotencyKey, groups = new GroupLookup(ctx, viewer.tenantId) }: ResponseFacts = {},
): Promise<Approval> {
  return groups.write(async (tx) => {
    const approval = await lockVisible(tx, viewer, id);
    const now = isoTime(ctx.clock.now());
    if (idempotencyKey) {
      const call = { verb: "respond", key: idempotencyKey, by: viewer.id, body: input, now } as const;
      if (await isRepeated(tx, approval, call)) return approval;
    }
    const decision = toDecision({ approval, input, viewer, id: ctx.newId("dec"), now, via });
    const after = decided(approval, decision, viewer, groups);
    const remember = "approved" in input ? undefined : input.remember;
    const stored = remember ? await rememberDecision(ctx, tx, { before: approval, after, remember }) : after;
    return transition(ctx, tx, approval, stored);
  });
}

/** The host isn't asked who is in groups for a decision that is refused anyway. */
function decided(approval: Approval, decision: Decision, viewer: Viewer, groups: GroupLookup): Approval {
  const needed = groupsToResolve(approval, decision.type);
  const alone = applyDecision(approval, decision, viewer, { checkJson });
  if (needed.length === 0) return alone;
  return applyDecision(approval, decision, viewer, { checkJson, groupMembers: groups.members(needed) });
}

/**
 * Gives many approvals the same response: each on its own, whatever becomes of the others. The commands are issued
 * together, so that they can share commits. Results are in the order of the items.
 */
export function bulkRespond(
  ctx: Context,
  viewer: Viewer,
  { items, type, comment }: BulkRespondInput,
  facts?: ResponseFacts,
): Promise<BulkResult[]> {
  const groups = new GroupLookup(ctx, viewer.tenantId);
  const respondTo = ({ id, digest }: BulkItem) =>
    respond(ctx, viewer, id, { type, digest, comment }, { ...facts, groups });
  return Promise.all(items.map((item) => resultOf(ctx, item.id, respondTo(item))));
}

async function resultOf(ctx: Context, id: string, response: Promise<Approval>): Promise<BulkResult> {
  try {
    await response;
    return { id, ok: true };
  } catch (error) {
    const known = error instanceof HoldpointError ? error : unexpectedError(ctx, error, `respond to ${id}`);
    return { id, ok: false, error: { code: known.code, message: known.message } };
  }
}
