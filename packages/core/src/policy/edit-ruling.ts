import type { Approval } from "../approval/approval.ts";
import type { Escalation, LadderRung } from "../approval/ladder-rung.ts";
import { isOwn } from "../approval/quorum.ts";
import { HoldpointError } from "../error.ts";
import { durationMs } from "../time/duration.ts";
import { mergedLadder } from "../time/ladder.ts";
import { isFor, type PolicyFailure } from "./evaluate-policy.ts";
import type { CheckedRule, Policy, PolicyFacts, Requirement } from "./policy.ts";
import { tightening } from "./tightening.ts";

/** What a policy says of the arguments that a reviewer wants to approve instead of those asked for. */
export interface EditRuling {
  /** `decision_not_allowed`, when they need more than the approval has, or can't be judged. */
  refusal?: HoldpointError;
  failures: PolicyFailure[];
}

/** What judging an edit takes. */
export interface EditFacts extends Omit<PolicyFacts, "viewer"> {
  /** Id of the reviewer whose edit it is. */
  by: string;
}

/**
 * Judges an edit as if its arguments had been asked for: an approval with them is refused when a rule rejects them, or
 * requires reviewers or a risk that it doesn't have, or reviewers to whom its ladder is to add others. What rules
 * required of the request counts as had, whoever was asked instead since; so does a rule that failed then. Rules that
 * approve, and how long something may take, make no difference; but where such a rule fails, the requester's own edit is
 * refused, as their request would be left to others.
 *
 * @param edited the approval with the arguments of the edit
 */
export function rulingOnEdit({ rules }: Policy, edited: Approval, { by, ...facts }: EditFacts): EditRuling {
  const { rules: met = [], failed: known = [], risk = edited.risk } = edited.policy ?? {};
  const failures: PolicyFailure[] = [];
  const isMet = ({ name, then }: CheckedRule) => "require" in then && met.includes(name);
  const all = rules
    .filter(({ then }) => !("approve" in then) || isOwn(edited, by))
    .filter((rule) => isFor(rule, { ...edited, risk }, facts, isMet(rule) ? [] : failures));
  const fitting = all.filter((rule) => !isMet(rule));
  const escalations = all.flatMap(({ then }) => ("require" in then ? (then.require.ladder ?? []) : []));
  const rejecting = fitting.find(({ then }) => "reject" in then);
  const against = rejecting ?? fitting.find((rule) => objection(rule, edited, escalations) !== undefined);
  const unjudged = failures.find(({ rule }) => !known.includes(rule));
  const reason = against ? objection(against, edited, escalations) : unjudged && unclear(unjudged);
  if (reason === undefined) return { failures };
  const message = `${reason}; use other arguments, approve it as it is, or reject it so that it is requested anew.`;
  return {
    refusal: new HoldpointError("decision_not_allowed", message, [{ pointer: "/args", message: reason }]),
    failures,
  };
}

function objection({ name, then }: CheckedRule, edited: Approval, byRules: readonly LadderRung[]): string | undefined {
  if ("reject" in then) return `The rule "${name}" rejects these arguments (${then.reject})`;
  if (!("require" in then)) return undefined;
  const { stages, selfApproval, risk } = tightening(edited, [then.require], false);
  if (stages || selfApproval !== undefined) return `The rule "${name}" requires other reviewers for these arguments`;
  if (asksPeople(then.require) && bringsOthers(edited, byRules)) {
    return `The rule "${name}" requires reviewers for these arguments, and an escalation is to add others to them`;
  }
  return risk && `The rule "${name}" requires the risk "${risk}" for these arguments`;
}

function unclear({ rule }: PolicyFailure): string {
  return rule === "*"
    ? "The policy can't be had, so these arguments can't be judged"
    : `The rule "${rule}" can't be judged for these arguments`;
}

function asksPeople({ stages = [], reviewers }: Requirement): boolean {
  return stages.length > 0 || reviewers !== undefined;
}

/**
 * Whether the ladder is still to add reviewers whom the rules for these arguments wouldn't; had these been asked for, it
 * would have lost those rungs. Where one approval is all that is needed, the edit is it.
 */
function bringsOthers({ ladder, rung = 0, stages, timeout }: Approval, byRules: readonly LadderRung[]): boolean {
  const endsAtOnce = stages.length <= 1 && stages.every(({ quorum }) => quorum === 1);
  const ruled = mergedLadder(byRules, timeout);
  return (
    !endsAtOnce && ladder.slice(rung).some((ahead) => "escalate" in ahead && !ruled.some((one) => asks(one, ahead)))
  );
}

/** Whether a rung asks all whom an escalation at its time asks. */
function asks(rung: LadderRung, { after, escalate }: LadderRung & { escalate: Escalation }): boolean {
  if (!("escalate" in rung) || durationMs(rung.after) !== durationMs(after) || escalate.replace) return false;
  const { users = [], groups = [] } = escalate;
  return (
    users.every((user) => rung.escalate.users?.includes(user)) &&
    groups.every((group) => rung.escalate.groups?.includes(group))
  );
}
