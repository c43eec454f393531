import type { Json } from "../json/json.ts";
import { withoutUndefined } from "../json/json.ts";
import type { Approval } from "./approval.ts";
import { approvalDigest, argsDigest } from "./approval-digest.ts";
import type { Outcome } from "./decision.ts";
import { approvers, type GroupMembers, isSatisfied, stageCount } from "./quorum.ts";

/** The approval with some fields changed, one version on. */
export function changed(approval: Approval, at: string, fields: Partial<Approval>): Approval {
  return withoutUndefined({ ...approval, ...fields, updatedAt: at, version: approval.version + 1 });
}

/** No claim. */
export const unclaimed = { claimedBy: undefined, claimExpiresAt: undefined } as const;

/** The approval, ended: the only place that gives one an outcome. Whatever stores it knows whether to notify anybody. */
export function ended(
  approval: Approval,
  at: string,
  outcome: Pick<Outcome, "status" | "approved" | "decidedBy"> & { args?: Json; answer?: Json; reason?: string },
): Approval {
  const args = outcome.approved ? (outcome.args ?? approval.action?.args) : undefined;
  return changed(approval, at, {
    ...unclaimed,
    status: outcome.status,
    outcome: withoutUndefined<Outcome>({
      ...outcome,
      args,
      edited: args !== undefined && isEdited(approval, args) ? true : undefined,
      argsDigest: args === undefined ? undefined : argsDigest(args),
      escalated: approval.escalatedAt !== undefined,
      at,
    }),
    resolvedAt: at,
  });
}

/** Whether these are other arguments than those that were asked for, of which the first edit says the digest. */
function isEdited(approval: Approval, args: Json): boolean {
  const first = approval.decisions.find(({ type }) => type === "edit");
  if (!first) return false;
  return first.digest !== approvalDigest({ ...approval, action: approval.action && { ...approval.action, args } });
}

/** Opens the first stage that still lacks approvals; after the last one the approval is approved. */
export function settled(approval: Approval, at: string, groupMembers?: GroupMembers): Approval {
  for (let stage = approval.stage; stage < stageCount(approval); stage++) {
    if (!isSatisfied(approval, stage, groupMembers)) {
      return changed(approval, at, { stage, ...(stage !== approval.stage && unclaimed) });
    }
  }
  const last = { ...approval, stage: stageCount(approval) - 1 };
  return ended(last, at, { status: "approved", approved: true, decidedBy: approvers(approval) });
}

/** The same where its stage still lacks approvals; otherwise settled: those of whom "all" is said may be fewer by now. */
export function resettled(approval: Approval, at: string, groupMembers?: GroupMembers): Approval {
  return isSatisfied(approval, approval.stage, groupMembers) ? settled(approval, at, groupMembers) : approval;
}
