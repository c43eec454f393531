import type { Approval } from "../approval/approval.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { type ApprovalFacts, createApproval, pendingApproval } from "../approval/create-approval.ts";
import type { Decision } from "../approval/decision.ts";
import { systemPerson } from "../approval/lifecycle.ts";
import { ended } from "../approval/transition.ts";
import { HoldpointError } from "../error.ts";
import { withoutUndefined } from "../json/json.ts";
import type { CheckedRule, Policy, PolicyFacts } from "./policy.ts";
import { type Tightening, tightened, tightening } from "./tightening.ts";

/** A rule whose condition threw or answered neither true nor false. */
export interface PolicyFailure {
  /** The rule's name; `*` when the whole policy could not be had. */
  rule: string;
  error: unknown;
}

/** What a policy says about a request. */
export interface Ruling {
  /** `ask`: people decide. */
  verdict: "ask" | "approve" | "reject";
  /** The rule that approves or rejects; the first of those in the policy's order. */
  rule?: string;
  /** Why it rejects. */
  reason?: string;
  /** What the rules that require something make stricter about the request. */
  changes: Tightening;
  /** The rules that require something. */
  requiredBy: string[];
  failures: PolicyFailure[];
}

/**
 * What a policy says about a request, which is given as the pending approval that it would make.
 *
 * The most restrictive rule wins, wherever it stands: one that rejects over all others, one that requires something over
 * those that approve. So adding a rule that rejects or requires can only make a policy stricter.
 *
 * A rule that fails is no reason to approve: people decide then, whoever asked not among them, and a timeout is no yes.
 * What other rules reject or require stands. Questions and requests that can't be answered by `approve` are never approved.
 */
export function evaluatePolicy({ rules }: Policy, request: Approval, facts: PolicyFacts): Ruling {
  const failures: PolicyFailure[] = [];
  const fitting = rules.filter((rule) => isFor(rule, request, facts, failures));
  const requiring = fitting.flatMap(({ name, then }) => ("require" in then ? [{ name, required: then.require }] : []));
  const required = requiring.map((rule) => rule.required);
  const changes = tightening(request, required, failures.length > 0);
  const ruling = { changes, requiredBy: requiring.map(({ name }) => name), failures };
  for (const { name, then } of fitting) {
    if ("reject" in then) return { ...ruling, verdict: "reject", rule: name, reason: then.reject };
  }
  const approving = fitting.find(({ then }) => "approve" in then);
  const mayApprove = requiring.length === 0 && failures.length === 0 && canBeApproved(request);
  return approving && mayApprove
    ? { ...ruling, verdict: "approve", rule: approving.name }
    : { ...ruling, verdict: "ask" };
}

/** Whether a rule or a grant may say yes to it at all. */
export function canBeApproved({ kind, allow }: Approval): boolean {
  return kind === "approval" && allow.includes("approve");
}

/**
 * Makes the pending approval that a request comes to under a policy: made stricter where rules require that, and not
 * decided yet.
 *
 * @throws {HoldpointError} as {@link createApproval}; `invalid_request` naming the rules when they make it more than a
 *   request can be
 */
export function createRuledApproval(
  input: ApprovalRequest,
  facts: ApprovalFacts & Pick<PolicyFacts, "viewer">,
  policy?: Policy,
): { approval: Approval; ruling: Ruling } {
  const asked = createApproval(input, facts);
  if (!policy) return { approval: asked, ruling: { verdict: "ask", changes: {}, requiredBy: [], failures: [] } };
  const ruling = evaluatePolicy(policy, asked, { now: facts.now, ...(facts.viewer && { viewer: facts.viewer }) });
  const { changes, requiredBy, failures } = ruling;
  const isStricter = Object.keys(changes).length > 0;
  const approval = isStricter ? stricterApproval(input, facts, ruling) : asked;
  if (requiredBy.length + failures.length === 0) return { approval, ruling };
  const failed = failures.length > 0 ? failures.map(({ rule }) => rule) : undefined;
  const risk = approval.risk === asked.risk ? undefined : asked.risk;
  return { approval: { ...approval, policy: withoutUndefined({ rules: requiredBy, failed, risk }) }, ruling };
}

/** The request is sound by itself: what is wrong with it now comes of the rules. */
function stricterApproval(input: ApprovalRequest, facts: ApprovalFacts, { changes, requiredBy }: Ruling): Approval {
  try {
    return pendingApproval(tightened(input, changes), facts);
  } catch (error) {
    if (!(error instanceof HoldpointError)) throw error;
    const rules = requiredBy.map((name) => `"${name}"`).join(" and ");
    const message = `With what the policy requires by ${rules}, this is wrong: ${error.message}`;
    throw new HoldpointError(error.code, message, error.details);
  }
}

/** Ends a new approval as its ruling says; one that people decide comes back as it is. */
export function applyRuling(approval: Approval, { verdict, rule, reason }: Ruling): Approval {
  if (verdict === "ask") return approval;
  const decision = policyDecision(approval, verdict, { rule, comment: reason });
  return decidedByPolicy(approval, decision);
}

/** A decision of the system's, made as the approval is. Its id follows from the approval's: it is made once. */
export function policyDecision(
  { id, digest, createdAt, stage, revision }: Approval,
  type: "approve" | "reject",
  why: Pick<Decision, "rule" | "grant" | "comment">,
): Decision {
  return withoutUndefined<Decision>({
    id: id.replace(/^apr_/, "dec_"),
    type,
    by: systemPerson,
    via: "policy",
    at: createdAt,
    stage,
    revision,
    digest,
    ...why,
  });
}

/** The approval, ended by a decision that nobody was asked for. */
export function decidedByPolicy(approval: Approval, decision: Decision): Approval {
  const approved = decision.type === "approve";
  return ended({ ...approval, decisions: [...approval.decisions, decision] }, decision.at, {
    status: approved ? "approved" : "rejected",
    approved,
    decidedBy: [decision.by],
    ...(!approved && decision.comment !== undefined && { reason: decision.comment }),
  });
}

/**
 * Whether a rule is for a request. Where an argument is of a type that it can't judge, the rule counts if it is a strict
 * one; where it fails, that is added to `failures`.
 */
export function isFor(rule: CheckedRule, request: Approval, facts: PolicyFacts, failures: PolicyFailure[]): boolean {
  try {
    const fit = rule.fit(request, facts);
    return fit === "yes" || (fit === "unclear" && !("approve" in rule.then));
  } catch (error) {
    failures.push({ rule: rule.name, error });
    return false;
  }
}
