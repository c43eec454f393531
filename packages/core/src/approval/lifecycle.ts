import { HoldpointError } from "../error.ts";
import type { Person } from "../viewer.ts";
import type { Approval, DeliveryState } from "./approval.ts";
import type { Decision } from "./decision.ts";
import type { Escalation } from "./ladder-rung.ts";
import { type GroupMembers, isBarredFromOwn, membersOf, stageAt } from "./quorum.ts";
import { assertPending } from "./reviewable.ts";
import { bothOf, reviewersAdded } from "./reviewer-change.ts";
import type { Stage } from "./stage.ts";
import { changed, ended, settled, unclaimed } from "./transition.ts";

/** Who decides when a rule does. */
export const systemPerson: Person = { id: "holdpoint", name: "Holdpoint" };

/**
 * Ends an approval whose time is up. Its status is `timed_out` whatever `onTimeout` says, so that nobody takes it for
 * a person's decision; with `approve` or `reject` the decision is recorded as one of the system's, via `timeout`.
 *
 * @throws {HoldpointError} `already_resolved`; `decision_not_allowed` before the deadline
 */
export function applyTimeout(approval: Approval, now: string): Approval {
  assertPending(approval);
  const { deadlineAt, onTimeout } = approval;
  if (deadlineAt === undefined || Date.parse(now) < Date.parse(deadlineAt)) {
    const when = deadlineAt === undefined ? "This waits for ever" : `This has time until ${deadlineAt}`;
    throw new HoldpointError("decision_not_allowed", `${when}; it can't time out yet.`);
  }
  if (onTimeout === "time_out") {
    return ended(approval, now, { status: "timed_out", approved: false, decidedBy: [] });
  }
  const decisions = [...approval.decisions, timeoutDecision(approval, onTimeout, now)];
  return ended({ ...approval, decisions }, now, {
    status: "timed_out",
    approved: onTimeout === "approve",
    decidedBy: [systemPerson],
  });
}

/**
 * Withdraws a pending approval. Whether the caller may do so is `canCancel`'s to say.
 *
 * @throws {HoldpointError} `already_resolved`
 */
export function applyCancel(approval: Approval, input: { now: string; by?: Person; reason?: string }): Approval {
  assertPending(approval);
  const { now, by, reason } = input;
  return ended(approval, now, { status: "cancelled", approved: false, decidedBy: by ? [by] : [], reason });
}

/** Notes that what waits for an approval that has ended was told, could not be told, or is to be told again. */
export function applyDelivery(approval: Approval, delivery: DeliveryState, now: string): Approval {
  return approval.status === "pending" || approval.delivery === delivery
    ? approval
    : changed(approval, now, { delivery });
}

/**
 * Adds reviewers to the current stage. Those already asked keep their right to decide unless `replace`: then they may
 * only look. A stage that is
 * open to every reviewer stays open; where the quorum is "all", those who are added have to approve too.
 * Nobody is replaced by people of whom none may decide, because they asked.
 *
 * @throws {HoldpointError} `already_resolved`
 */
export function applyEscalation(
  approval: Approval,
  escalation: Escalation,
  now: string,
  groupMembers?: GroupMembers,
): Approval {
  assertPending(approval);
  const replace = escalation.replace === true && mayBeDecidedBy(approval, escalation, groupMembers);
  const before = stageAt(approval, approval.stage);
  const stage = escalated(before, { ...escalation, replace });
  const isOpen = approval.stages.length === 0 && !replace;
  const stages = isOpen ? [] : approval.stages.toSpliced(approval.stage, 1, stage);
  if (!replace) return changed(approval, now, { stages, escalatedAt: now });
  const formerReviewers = bothOf(approval.formerReviewers, reviewersAdded(stage, before));
  return settled({ ...approval, ...unclaimed, stages, escalatedAt: now, formerReviewers }, now, groupMembers);
}

/** Whether there is somebody among them who may decide; a group of which the host names nobody counts as somebody. */
function mayBeDecidedBy(
  approval: Approval,
  { users = [], groups = [] }: Escalation,
  groupMembers: GroupMembers = {},
): boolean {
  const members = groups.map((group) => membersOf(group, groupMembers));
  const isSomebody = (id: string) => !isBarredFromOwn(approval, id);
  return users.some(isSomebody) || members.some((ids) => ids.length === 0 || ids.some(isSomebody));
}

function escalated(stage: Stage, { users = [], groups = [], replace = false }: Escalation): Stage {
  if (replace) return { ...stage, users, groups };
  if (stage.users.length === 0 && stage.groups.length === 0) return stage;
  return {
    ...stage,
    users: [...new Set([...stage.users, ...users])],
    groups: [...new Set([...stage.groups, ...groups])],
  };
}

/** Its id follows from the approval's: an approval times out once. */
function timeoutDecision(approval: Approval, type: "approve" | "reject", at: string): Decision {
  const { id, stage, revision } = approval;
  return {
    id: id.replace(/^apr_/, "dec_"),
    type,
    by: systemPerson,
    via: "timeout",
    at,
    stage,
    revision,
    digest: null,
  };
}
