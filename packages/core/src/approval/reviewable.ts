import { type ErrorCode, HoldpointError } from "../error.ts";
import { asJson } from "../json/json.ts";
import type { Person, Viewer } from "../viewer.ts";
import type { Approval } from "./approval.ts";
import type { DecisionType } from "./decision.ts";
import { countedDecisions, isBarredFromOwn, isOwn, stageAt } from "./quorum.ts";
import { isAmong, isOpen } from "./reviewer-change.ts";
import type { Stage } from "./stage.ts";

/** Whether a viewer can respond: with which responses, or why not. */
export type Reviewability = { ok: true; allow: DecisionType[] } | { ok: false; code: ErrorCode; message: string };

/**
 * What `viewer` can do with an approval now. The server refuses by it and the interface offers by it.
 *
 * Someone whose approval counts already can only stop what they let through: reject is left to them, if it is allowed.
 */
export function reviewable(approval: Approval, viewer: Viewer): Reviewability {
  if (approval.tenantId !== viewer.tenantId) return refused("not_found", "There is no such approval.");
  if (approval.status !== "pending") return refused("already_resolved", resolvedMessage(approval));
  if (viewer.role === "requester" || viewer.role === "auditor") {
    return refused("not_a_reviewer", `Your role (${viewer.role}) does not decide approvals.`);
  }
  if (isBarredFromOwn(approval, viewer.id)) {
    return refused("self_approval", "This is your own request; someone else has to decide it.");
  }
  if (viewer.role !== "admin" && !isAddressed(stageAt(approval, approval.stage), viewer)) {
    return refused("not_a_reviewer", "You are not among the reviewers who can decide this now.");
  }
  return hasApproved(approval, viewer.id) ? remaining(approval) : { ok: true, allow: approval.allow };
}

/** Whether an approval waits for this viewer: their own response can move it on. */
export function awaits(approval: Approval, viewer: Viewer): boolean {
  return reviewable(approval, viewer).ok && !hasApproved(approval, viewer.id);
}

/** Whether a viewer may know of an approval at all; to those who may not, it does not exist. */
export function canSee(approval: Approval, viewer: Viewer): boolean {
  if (approval.tenantId !== viewer.tenantId) return false;
  if (viewer.role === "admin" || viewer.role === "auditor" || isOwn(approval, viewer.id)) return true;
  if (viewer.role === "requester") return false;
  if (approval.formerReviewers && isAmong(approval.formerReviewers, viewer)) return true;
  return approval.stages.length === 0 || approval.stages.some((stage) => isAddressed(stage, viewer));
}

/** Whether a viewer may withdraw an approval: the requester, the run's owner and admins may. Auditors only read. */
export function canCancel(approval: Approval, viewer: Viewer): boolean {
  if (approval.tenantId !== viewer.tenantId || viewer.role === "auditor") return false;
  return viewer.role === "admin" || isOwn(approval, viewer.id);
}

/** @throws {HoldpointError} `forbidden` unless the viewer may withdraw the approval or hold its lease; see {@link canCancel} */
export function assertCanCancel(approval: Approval, viewer: Viewer, what: "withdraw it" | "hold its lease"): void {
  if (canCancel(approval, viewer)) return;
  throw new HoldpointError("forbidden", `Only the requester or an admin can ${what}.`);
}

/** The refusal as an error; for an approval that has ended it carries the outcome and who decided. */
export function refusal(approval: Approval, { code, message }: Reviewability & { ok: false }): HoldpointError {
  if (code !== "already_resolved") return new HoldpointError(code, message);
  const { outcome } = approval;
  return new HoldpointError(code, message, asJson({ outcome, decidedBy: outcome?.decidedBy }));
}

/** @throws {HoldpointError} `already_resolved`, with the outcome and who decided, unless the approval is pending */
export function assertPending(approval: Approval): void {
  if (approval.status === "pending") return;
  throw refusal(approval, { ok: false, code: "already_resolved", message: resolvedMessage(approval) });
}

/** Whether the approval of this person counts for the current stage and revision. */
export function hasApproved(approval: Approval, personId: string): boolean {
  return countedDecisions(approval, approval.stage).some((decision) => decision.by.id === personId);
}

function isAddressed(stage: Stage, viewer: Viewer): boolean {
  return isOpen(stage) || isAmong(stage, viewer);
}

function remaining(approval: Approval): Reviewability {
  if (approval.allow.includes("reject")) return { ok: true, allow: ["reject"] };
  return refused("decision_not_allowed", "You have approved this already; it waits for others.");
}

function refused(code: ErrorCode, message: string): Reviewability & { ok: false } {
  return { ok: false, code, message };
}

const endings = {
  approved: "approved",
  rejected: "rejected",
  answered: "answered",
  cancelled: "cancelled",
} as const;

function resolvedMessage({ outcome }: Approval): string {
  if (!outcome) return "This has ended.";
  if (outcome.status === "timed_out") return `This timed out at ${outcome.at}.`;
  const who = outcome.decidedBy.map(displayName).join(" and ");
  const why = outcome.status === "cancelled" && outcome.reason ? ` ${outcome.reason}` : "";
  if (who === "") return `This was ${endings[outcome.status]} at ${outcome.at}.${why}`;
  return `${who} ${endings[outcome.status]} this at ${outcome.at}.${why}`;
}

function displayName({ id, name }: Person): string {
  return name ?? id;
}
