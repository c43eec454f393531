import { asJson, type Json, withoutUndefined } from "../json/json.ts";
import type { EventType, NewEvent } from "../log/event.ts";
import { rungReached } from "../time/ladder.ts";
import type { Person } from "../viewer.ts";
import type { Approval } from "./approval.ts";
import { argsDigest } from "./approval-digest.ts";
import type { Decision } from "./decision.ts";
import { stageAt } from "./quorum.ts";
import { reviewersAdded } from "./reviewer-change.ts";

/**
 * The log events that follow from the difference between one state of an approval and the next; `before` is undefined for
 * a new one. What else was done, and by whom, an `Act` says. Their data is
 * small: what changed, never the whole approval. An edit's event keeps the arguments from before, so that the log shows
 * the difference.
 */
export function eventsBetween(before: Approval | undefined, after: Approval): NewEvent[] {
  if (!before) return [requested(after)];
  return [
    ...after.decisions.slice(before.decisions.length).map((decision) => decisionRecorded(before, after, decision)),
    ...climbed(before, after),
    ...(after.revision === before.revision ? [] : [revised(before, after)]),
    ...(after.stage === before.stage ? [] : [stageOpened(after)]),
    ...(after.status === before.status ? delivered(before, after) : [resolved(after)]),
  ];
}

function requested(approval: Approval): NewEvent {
  const { title, kind, risk, digest, requestedBy, action, policy } = approval;
  const data = { title, kind, risk, digest, action: action?.name, policy: policy && asJson(policy) };
  return approvalEvent(
    "approval.requested",
    approval,
    data,
    requestedBy && withoutUndefined({ id: requestedBy.id, name: requestedBy.name }),
  );
}

function decisionRecorded(before: Approval, after: Approval, decision: Decision): NewEvent {
  const isEdit = decision.type === "edit";
  const previousArgs = isEdit ? before.action?.args : undefined;
  const data = { decision: asJson(decision), decidedOn: before.digest, previousArgs };
  return approvalEvent("decision.recorded", after, data, isAutomatic(decision) ? undefined : decision.by);
}

/** What a rung of the ladder brought, or an escalation beside it. */
function climbed(before: Approval, after: Approval): NewEvent[] {
  const rung = rungReached(before, after);
  if (rung && "remind" in rung) return [reminded(before, after)];
  return rung || after.escalatedAt !== before.escalatedAt ? [escalated(before, after)] : [];
}

function reminded(before: Approval, after: Approval): NewEvent {
  const { stage, rung = 0 } = after;
  return approvalEvent("approval.reminded", after, { stage, rung, skipped: rung - (before.rung ?? 0) - 1 });
}

function escalated(before: Approval, after: Approval): NewEvent {
  const [from, to] = [stageAt(before, before.stage), stageAt(after, before.stage)];
  const [newcomers, leavers] = [reviewersAdded(from, to), reviewersAdded(to, from)];
  const data = { stage: before.stage, rung: after.rung, added: newcomers, removed: leavers };
  return approvalEvent("approval.escalated", after, data);
}

function revised(before: Approval, after: Approval): NewEvent {
  const { revision, digest, action } = after;
  const data = { revision, digest, previousDigest: before.digest, argsDigest: action && argsDigest(action.args) };
  return approvalEvent("approval.revised", after, data);
}

function stageOpened(approval: Approval): NewEvent {
  const { stage } = approval;
  return approvalEvent("approval.stage_opened", approval, { stage, name: stageAt(approval, stage).name });
}

function resolved(approval: Approval): NewEvent {
  const { args: _args, answer: _answer, at: _at, ...summary } = approval.outcome ?? {};
  const byRule = approval.outcome?.status === "timed_out" || approval.decisions.some(isAutomatic);
  const deciders = byRule ? [] : (approval.outcome?.decidedBy ?? []);
  return approvalEvent("approval.resolved", approval, { outcome: asJson(summary) }, deciders.at(-1));
}

/** Of an approval that ended earlier; what is told as it ends is part of its end. */
function delivered(before: Approval, after: Approval): NewEvent[] {
  if (after.delivery === before.delivery) return [];
  if (after.delivery === "delivered") return [approvalEvent("approval.delivered", after, {})];
  return after.delivery === "failed" ? [approvalEvent("approval.delivery_failed", after, {})] : [];
}

/** An event about an approval as it stands after it. */
export function approvalEvent(
  type: EventType,
  approval: Approval,
  data: Record<string, Json | undefined>,
  actor?: Person,
): NewEvent {
  return withoutUndefined<NewEvent>({
    type,
    approvalId: approval.id,
    runId: approval.source?.runId,
    actor,
    data: asJson(withoutUndefined(data)),
    at: approval.updatedAt,
  });
}

/** Whether a rule made it; the log names nobody as having done so then. */
function isAutomatic({ via }: Decision): boolean {
  return via === "timeout" || via === "policy";
}
