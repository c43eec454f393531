import { HoldpointError } from "../error.ts";
import { invalidArgs } from "../json/field-error.ts";
import { type Json, withoutUndefined } from "../json/json.ts";
import { type JsonSchemaCheck, jsonSchemaErrors } from "../json/json-schema-errors.ts";
import type { Viewer } from "../viewer.ts";
import { personOf } from "./act.ts";
import type { Approval } from "./approval.ts";
import { approvalDigest, sameJson } from "./approval-digest.ts";
import type { Decision, DecisionSource, DecisionType, RespondInput } from "./decision.ts";
import { countedDecisions, type GroupMembers, stageAt } from "./quorum.ts";
import { assertPending, refusal, reviewable } from "./reviewable.ts";
import { ended, resettled, settled, unclaimed } from "./transition.ts";

/** What deciding may need to know from outside. */
export interface DecisionContext {
  /** Members of {@link groupsToResolve}; a group that is left out or empty needs one approval of somebody in it. */
  groupMembers?: GroupMembers;
  /** Checks edited arguments and answers; for whoever can't wait as long as a schema may take. */
  checkJson?: JsonSchemaCheck;
  /** Throws when the approval must not come to have the arguments of an edit; for whoever has a policy. */
  checkEdit?(edited: Approval): void;
}

/** What turns a response into a decision. */
export interface DecisionFacts {
  approval: Approval;
  input: RespondInput;
  viewer: Viewer;
  id: string;
  /** The server's clock, ISO 8601. */
  now: string;
  via: DecisionSource;
}

/** A response in either form as a decision on the approval as it stands. The short form doesn't say what was seen. */
export function toDecision({ approval, input, viewer, id, now, via }: DecisionFacts): Decision {
  const short = "approved" in input;
  return withoutUndefined<Decision>({
    id,
    type: short ? (input.approved ? "approve" : "reject") : input.type,
    by: personOf(viewer),
    via,
    at: now,
    stage: approval.stage,
    revision: approval.revision,
    digest: short ? null : input.digest,
    args: short ? undefined : input.args,
    answer: short ? undefined : input.answer,
    comment: short ? input.reason : input.comment,
  });
}

/**
 * Adds one reviewer's decision and returns the approval as it now stands.
 *
 * - One rejection is final, and so is one answer to a question.
 * - Approvals count distinct people until the stage's quorum; then the next stage opens; after the last one it is
 *   approved.
 * - An edit approves other arguments. When it doesn't end the approval by itself it opens a new revision: everybody
 *   else approved other bytes, so no earlier approval counts any more and the first stage opens again. The editor's own
 *   approval counts for the stage that they edited in, and `onTimeout: "approve"` becomes `time_out`: silence may approve
 *   what was asked for, not what one of several made of it. An edit that changes nothing is an approval.
 * - Fields that `action.schema` marks `readOnly` can't be edited.
 * - Who approves again what they have approved gets the approval back unchanged (the same object), unless its stage waits
 *   for all of a group that has lost those who were missing: then it goes on.
 *
 * @throws {HoldpointError} `already_resolved`, `not_a_reviewer`, `self_approval`, `decision_not_allowed`,
 *   `digest_mismatch`, `invalid_args`; what `checkEdit` throws
 */
export function applyDecision(
  approval: Approval,
  decision: Decision,
  viewer: Viewer,
  context: DecisionContext = {},
): Approval {
  assertPending(approval);
  if (isRepeat(approval, decision)) return resettled(approval, decision.at, context.groupMembers);
  const allowed = reviewable(approval, viewer);
  if (!allowed.ok) throw refusal(approval, allowed);
  assertDigest(approval, decision);
  assertAllowed(approval, decision.type, allowed.allow);
  switch (decision.type) {
    case "reject":
      return rejected(approval, decision);
    case "answer":
      return answered(approval, decision, context);
    case "approve":
      return approved(approval, withGroups(approval, decision, viewer), context);
    case "edit":
      return edited(approval, withGroups(approval, decision, viewer), context);
  }
}

function rejected(approval: Approval, decision: Decision): Approval {
  const { at, by, comment } = decision;
  return ended(recorded(approval, decision), at, {
    status: "rejected",
    approved: false,
    decidedBy: [by],
    reason: comment,
  });
}

function answered(approval: Approval, decision: Decision, { checkJson = jsonSchemaErrors }: DecisionContext): Approval {
  const { answer = null, at, by, comment } = decision;
  const errors = approval.form ? checkJson(approval.form, answer) : [];
  if (errors.length > 0) throw invalidArgs(errors, "answer");
  return ended(recorded(approval, decision), at, {
    status: "answered",
    approved: false,
    decidedBy: [by],
    answer,
    reason: comment,
  });
}

function approved(approval: Approval, decision: Decision, context: DecisionContext): Approval {
  return settled(recorded(approval, decision), decision.at, context.groupMembers);
}

function edited(approval: Approval, decision: Decision, context: DecisionContext): Approval {
  const args = decision.args ?? null;
  assertArgs(approval, args, context);
  if (sameJson(args, approval.action?.args)) return approved(approval, decision, context);
  context.checkEdit?.(revised(approval, args));
  if (endsAlone(approval, decision, context)) {
    const { at, by } = decision;
    return ended(recorded(approval, decision), at, { status: "approved", approved: true, decidedBy: [by], args });
  }
  return approved(revised(approval, args), { ...decision, revision: approval.revision + 1 }, context);
}

/** Whether a decision is all that the approval needs and has, so that nobody else counts for other arguments. */
function endsAlone(approval: Approval, decision: Decision, { groupMembers }: DecisionContext): boolean {
  if (approval.stages.length > 1 || countedDecisions(approval, approval.stage).length > 0) return false;
  return settled({ ...approval, decisions: [decision] }, decision.at, groupMembers).status === "approved";
}

/** The approval with other arguments, to be approved from the first stage on: by people, not by their silence. */
function revised(approval: Approval, args: Json): Approval {
  const action = approval.action && { ...approval.action, args };
  const onTimeout = approval.onTimeout === "approve" ? "time_out" : approval.onTimeout;
  const next = { ...approval, ...unclaimed, action, onTimeout, stage: 0, revision: approval.revision + 1 };
  return { ...next, digest: approvalDigest(next) };
}

function recorded(approval: Approval, decision: Decision): Approval {
  const isClaimer = approval.claimedBy?.id === decision.by.id;
  return { ...approval, ...(isClaimer && unclaimed), decisions: [...approval.decisions, decision] };
}

function withGroups(approval: Approval, decision: Decision, viewer: Viewer): Decision {
  const stage = stageAt(approval, approval.stage);
  const groups = stage.groups.filter((group) => viewer.groups.includes(group));
  return stage.quorum === "all" && groups.length > 0 ? { ...decision, groups } : decision;
}

function isRepeat(approval: Approval, decision: Decision): boolean {
  const earlier = countedDecisions(approval, approval.stage).find((d) => d.by.id === decision.by.id);
  return (
    earlier !== undefined &&
    earlier.type === decision.type &&
    earlier.comment === decision.comment &&
    sameJson(earlier.args, decision.args)
  );
}

function assertDigest(approval: Approval, { digest }: Decision): void {
  if (digest === null || digest === approval.digest) return;
  throw new HoldpointError("digest_mismatch", "This has changed since you opened it; look at it again, then decide.", {
    digest: approval.digest,
    revision: approval.revision,
  });
}

function assertAllowed(approval: Approval, type: DecisionType, allow: DecisionType[]): void {
  if (allow.includes(type)) return;
  const message = approval.allow.includes(type)
    ? "You have approved this already; it waits for others."
    : `This ${approval.kind} can't be decided with "${type}"; it takes ${allow.map((t) => `"${t}"`).join(" or ")}.`;
  throw new HoldpointError("decision_not_allowed", message);
}

function assertArgs(approval: Approval, args: Json, { checkJson = jsonSchemaErrors }: DecisionContext): void {
  const { schema, args: current = null } = approval.action ?? {};
  const errors = schema ? checkJson(schema, args, current) : [];
  if (errors.length > 0) throw invalidArgs(errors);
}
