import type { Approval, Risk } from "../approval/approval.ts";
import { sameJson } from "../approval/approval-digest.ts";
import type { ApprovalRequest, StageRequest } from "../approval/approval-request.ts";
import type { LadderRung, OnTimeout } from "../approval/ladder-rung.ts";
import type { Stage } from "../approval/stage.ts";
import { withoutUndefined } from "../json/json.ts";
import { durationMs } from "../time/duration.ts";
import { mergedLadder } from "../time/ladder.ts";
import type { Requirement } from "./policy.ts";

/** The fields of a request that rules have made stricter. */
export type Tightening = Pick<ApprovalRequest, "risk" | "stages" | "selfApproval" | "timeout" | "onTimeout" | "ladder">;

const risks: readonly Risk[] = ["low", "medium", "high", "critical"];
const timeoutEnds: readonly OnTimeout[] = ["approve", "time_out", "reject"];

/** Whether one risk is at most another. */
export function isRiskWithin(risk: Risk, most: Risk): boolean {
  return risks.indexOf(risk) <= risks.indexOf(most);
}

/**
 * What has to change about a request so that it meets all requirements; the order of these makes no difference but to
 * the order of stages. Where anything is required, silence is no yes: `onTimeout: "approve"` becomes `time_out`. Where
 * reviewers are, the requester's own yes is none either, and a stage of the request that needs "all" doesn't wait for it.
 *
 * @param hasFailed whether there is a rule that can't be judged: it may be one that requires reviewers
 */
export function tightening(approval: Approval, requirements: readonly Requirement[], hasFailed: boolean): Tightening {
  if (requirements.length === 0 && !hasFailed) return {};
  const required = requirements.flatMap(stagesOf);
  const rungs = requirements.flatMap(({ ladder = [] }) => ladder);
  const timeout = strictest([approval.timeout, ...requirements.map((r) => r.timeout)], (a, b) => shorter(a, b));
  const onTimeout = strictest([approval.onTimeout, "time_out", ...requirements.map((r) => r.onTimeout)], laterEnd);
  const wanted: Tightening = {
    risk: strictest([approval.risk, ...requirements.map((r) => r.risk)], (a, b) => (isRiskWithin(a, b) ? b : a)),
    stages: required.length > 0 ? withStages(approval, required) : undefined,
    selfApproval: required.length > 0 || hasFailed ? false : undefined,
    timeout,
    onTimeout: timeout === undefined ? undefined : onTimeout,
    ladder:
      required.length + rungs.length > 0 || timeout !== approval.timeout
        ? mergedLadder([...ownRungs(approval, required.length > 0), ...rungs], timeout)
        : undefined,
  };
  const always = approval.businessHours && requirements.some((r) => r.timeout !== undefined) ? "timeout" : undefined;
  const changed = Object.entries(wanted).filter(([field, value]) => {
    if (field === always) return true;
    return value !== undefined && !sameJson(value, approval[field as keyof Tightening]);
  });
  return Object.fromEntries(changed);
}

/** The request with fields made stricter. A timeout that a rule requires counts every hour, not business hours only. */
export function tightened(request: ApprovalRequest, changes: Tightening): ApprovalRequest {
  return withoutUndefined({
    ...request,
    ...(changes.stages && { reviewers: undefined }),
    ...(changes.timeout !== undefined && { businessHours: undefined }),
    ...changes,
  });
}

function stagesOf({ stages, reviewers }: Requirement): Stage[] {
  const requested: StageRequest[] = stages ?? (reviewers ? [reviewers] : []);
  return requested.map(({ name, users = [], groups = [], quorum = 1 }) =>
    withoutUndefined({ name, users, groups, quorum }),
  );
}

/**
 * The request's stages and then those required. Reviewers who are asked already aren't asked a second time: the higher
 * quorum counts. A question has one stage, with a quorum of one; it keeps the one that it names itself.
 */
function withStages({ kind, stages }: Approval, required: readonly Stage[]): Stage[] {
  if (kind === "question") {
    const [only] = required;
    return stages.length === 0 && required.length === 1 && only?.quorum === 1 ? [only] : stages;
  }
  const merged = [...stages];
  for (const stage of required) {
    const at = merged.findIndex((other) => isMergeable(other, stage));
    const same = merged[at];
    if (same) merged[at] = { ...same, quorum: higher(same.quorum, stage.quorum) };
    else merged.push(stage);
  }
  return merged;
}

function isMergeable(a: Stage, b: Stage): boolean {
  const sameQuorum = a.quorum === b.quorum || (typeof a.quorum === "number" && typeof b.quorum === "number");
  return (
    sameQuorum && sameJson(a.users.toSorted(), b.users.toSorted()) && sameJson(a.groups.toSorted(), b.groups.toSorted())
  );
}

function higher(a: Stage["quorum"], b: Stage["quorum"]): Stage["quorum"] {
  return typeof a === "number" && typeof b === "number" ? Math.max(a, b) : a;
}

/** Escalations of the request's own would add reviewers to stages that a rule requires: those are left out then. */
function ownRungs({ ladder }: Approval, hasStages: boolean): LadderRung[] {
  return hasStages ? ladder.filter((rung) => "remind" in rung) : ladder;
}

function strictest<T>(values: readonly (T | undefined)[], stricter: (a: T, b: T) => T): T | undefined {
  return values
    .filter((value) => value !== undefined)
    .reduce<T | undefined>((a, b) => (a === undefined ? b : stricter(a, b)), undefined);
}

function shorter(a: string, b: string): string {
  return durationMs(b) < durationMs(a) ? b : a;
}

function laterEnd(a: OnTimeout, b: OnTimeout): OnTimeout {
  return timeoutEnds.indexOf(a) < timeoutEnds.indexOf(b) ? b : a;
}
