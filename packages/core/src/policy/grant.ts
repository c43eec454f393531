import * as z from "zod";
import { type Approval, type Risk, riskSchema } from "../approval/approval.ts";
import { argsDigest } from "../approval/approval-digest.ts";
import type { Decision } from "../approval/decision.ts";
import { isOwn } from "../approval/quorum.ts";
import { isOpen } from "../approval/reviewer-change.ts";
import type { Stage } from "../approval/stage.ts";
import { HoldpointError } from "../error.ts";
import { canonicalJson, sha256Hex } from "../json/canonical-json.ts";
import { instant, type ShapeOf } from "../json/field.ts";
import { withoutUndefined } from "../json/json.ts";
import { durationMs } from "../time/duration.ts";
import { type Person, personSchema } from "../viewer.ts";
import { canBeApproved, decidedByPolicy, policyDecision } from "./evaluate-policy.ts";
import { type GrantMatch, grantForSchema, grantMatchSchema, type Remember } from "./remember.ts";
import { isRiskWithin } from "./tightening.ts";

/**
 * A yes that a reviewer asked to be remembered: it approves later requests for the same action of the same requester,
 * owner and workflow, to the same reviewers, at no higher risk, until it is used up, ends or is revoked.
 */
export interface Grant {
  /** `gra_` + 26 characters, sortable by time. */
  id: string;
  tenantId: string;
  /** Who gave it. */
  by: Person;
  /** The approval that it was given with. */
  approvalId: string;
  /** The action's name. */
  action: string;
  match: GrantMatch;
  /** The arguments that it is for, with `match: "args"`; those that were approved, edited or not. */
  argsDigest?: string;
  /** The risk up to which it holds; never critical. */
  risk: Risk;
  for: Remember["for"];
  /** The run that it is for. */
  runId?: string;
  /** The workflow that it is for, if the approval came from one. */
  workflow?: string;
  /** The requester whose requests it is for. */
  requesterId?: string;
  ownerId?: string;
  uses: number;
  maxUses?: number;
  createdAt: string;
  /** Every grant ends by itself, after 30 days at the latest. */
  expiresAt: string;
  revokedAt?: string;
  revokedBy?: Person;
}

/** Wire form of {@link Grant}. */
export const grantSchema: z.ZodType<Grant> = z.object({
  id: z.string(),
  tenantId: z.string(),
  by: personSchema,
  approvalId: z.string(),
  action: z.string(),
  match: grantMatchSchema,
  argsDigest: z.string().optional(),
  risk: riskSchema,
  for: grantForSchema,
  runId: z.string().optional(),
  workflow: z.string().optional(),
  requesterId: z.string().optional(),
  ownerId: z.string().optional(),
  uses: z.int().min(0),
  maxUses: z.int().optional(),
  createdAt: instant,
  expiresAt: instant,
  revokedAt: instant.optional(),
  revokedBy: personSchema.optional(),
} satisfies ShapeOf<Grant>);

/** The longest that a grant holds, ms. */
const longestMs = 30 * 86_400_000;

/** A decision that is to be remembered, and the approval before and after it. */
export interface RememberedDecision {
  id: string;
  before: Approval;
  after: Approval;
  decision: Decision;
  remember: Remember;
}

/**
 * The grant that comes of a decision. A reviewer can grant only what they can decide alone, and for what they have seen:
 * an edit is remembered for its own arguments only.
 *
 * @throws {HoldpointError} `decision_not_allowed` saying why this can't be remembered
 */
export function grantOf({ id, before, after, decision, remember }: RememberedDecision): Grant {
  const { match = "args", for: extent } = remember;
  const reason = refusalToRemember(before, after, decision, { match, for: extent });
  if (reason !== undefined || !before.action) {
    throw new HoldpointError("decision_not_allowed", `This decision can't be remembered: ${reason}.`, [
      { pointer: "/remember", message: reason ?? "it has no action" },
    ]);
  }
  const { tenantId, source, requestedBy, ownerId, risk } = before;
  return withoutUndefined<Grant>({
    id,
    tenantId,
    by: decision.by,
    approvalId: before.id,
    action: before.action.name,
    match,
    argsDigest: match === "args" ? after.outcome?.argsDigest : undefined,
    risk,
    for: extent,
    runId: extent === "run" ? source?.runId : undefined,
    workflow: source?.workflow,
    requesterId: requestedBy?.id,
    ownerId,
    uses: 0,
    maxUses: typeof extent === "object" ? extent.times : undefined,
    createdAt: decision.at,
    expiresAt: new Date(Date.parse(decision.at) + lengthMs(extent)).toISOString(),
  });
}

/**
 * The scopes of which a grant has to have one to be for this approval: a grant has the one that `scopeOf` gives. The
 * reviewers who are asked are part of it, so that nobody's yes reaches where they couldn't give it, and so is whether one
 * of our own runs asks, so that nobody uses up what is a run's by asking in its name.
 */
export function grantScopes(approval: Approval): string[] {
  const { action, source } = approval;
  if (!action) return [];
  const matches = [undefined, argsDigest(action.args)];
  const runs = source?.runId === undefined ? [undefined] : [undefined, source.runId];
  return matches.flatMap((digest) => runs.map((runId) => scope(approval, digest, runId)));
}

/** The scope of a grant that is given with this approval. */
export function scopeOf({ argsDigest: digest, runId }: Grant, approval: Approval): string {
  return scope(approval, digest, runId);
}

/** Whether a new approval may be let through by a grant of one of its scopes. */
export function isCovered(approval: Approval, grant: Grant): boolean {
  return (
    isGrantable(approval) &&
    isRiskWithin(approval.risk, grant.risk) &&
    !isOwn(approval, grant.by.id) &&
    grant.revokedAt === undefined &&
    Date.parse(approval.createdAt) < Date.parse(grant.expiresAt) &&
    (grant.maxUses === undefined || grant.uses < grant.maxUses)
  );
}

/** Whether any grant may let an approval through: a policy that is stricter about it, or has failed, wants people. */
export function isGrantable(approval: Approval): boolean {
  return canBeApproved(approval) && approval.risk !== "critical" && !approval.policy && approval.action !== undefined;
}

/** A new approval, ended by a grant; the grant's use has been counted. */
export function applyGrant(approval: Approval, { id, by }: Grant): Approval {
  return decidedByPolicy(approval, policyDecision(approval, "approve", { grant: { id, by } }));
}

function refusalToRemember(
  before: Approval,
  after: Approval,
  decision: Decision,
  { match, for: extent }: Remember,
): string | undefined {
  const { source, policy, risk, action } = before;
  if (!action) return "there is no action to approve again";
  if (after.status !== "approved" || after.decisions.length !== 1 || before.stages.some(isOfWholeGroups)) {
    return "it takes more than your own approval";
  }
  if (risk === "critical") return "its risk is critical";
  if (policy) return "a policy wants people to decide it";
  if (isOwn(before, decision.by.id)) return "it is your own request";
  if (decision.type === "edit" && match === "action") {
    return 'you have edited it, so it can be remembered for these arguments only (match "args")';
  }
  if (extent === "run" && source?.runId === undefined) return "it belongs to no run";
  if (hasOtherReviewers(before)) {
    return "its reviewers have changed since it was requested, so no later request would come under it; remember the next one";
  }
  return canBeApproved(before) ? undefined : "it can't be approved as it is";
}

/** Whether the reviewers aren't those of the request any more; what is open to all stays so when the ladder adds some. */
function hasOtherReviewers({ reassignedAt, escalatedAt, stages }: Approval): boolean {
  return reassignedAt !== undefined || (escalatedAt !== undefined && !stages.every(isOpen));
}

/** Whoever is the only one of a group today may be one of many when the grant is used. */
function isOfWholeGroups({ groups, quorum }: Stage): boolean {
  return quorum === "all" && groups.length > 0;
}

function scope(approval: Approval, digest: string | undefined, runId: string | undefined): string {
  const { action, source, requestedBy, ownerId, stages } = approval;
  const { engine, workflow } = source ?? {};
  const reviewers = stages.map(({ users, groups, quorum }) => ({ users, groups, quorum }));
  const named = {
    action: action?.name,
    digest,
    engine,
    workflow,
    runId,
    ownerId,
    requester: requestedBy?.id,
    reviewers,
    byRun: isAskedByRun(approval) || undefined,
  };
  return sha256Hex(canonicalJson(named));
}

/** What `source` says may be said by anybody; a key that begins with the id of a run is the run's own. */
function isAskedByRun({ key, source }: Approval): boolean {
  const { runId } = source ?? {};
  return runId?.startsWith("run_") === true && key?.startsWith(runId) === true;
}

function lengthMs(extent: Remember["for"]): number {
  return typeof extent === "string" && extent !== "run" ? Math.min(durationMs(extent), longestMs) : longestMs;
}
