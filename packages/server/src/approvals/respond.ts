import {
  type Approval,
  applyDecision,
  type BulkItem,
  type BulkRespondInput,
  type BulkResult,
  type Decision,
  type DecisionContext,
  type DecisionSource,
  type EditFacts,
  groupsToResolve,
  HoldpointError,
  type Policy,
  type RespondInput,
  rulingOnEdit,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { rememberDecision } from "../policy/grants.ts";
import type { Transaction } from "../store/store.ts";
import { meetDeadline } from "../timers/approval-deadlines.ts";
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
  /** Group members; shared between responses that are given together. */
  groups?: GroupLookup;
}

/** Thrown in a transaction, to undo it: the approval's deadline has passed, and its timer hasn't struck yet. */
class DeadlinePassedError extends Error {
  override readonly name = "DeadlinePassedError";
}

/**
 * Records one reviewer's decision; the approval resolves when its last stage is satisfied. The same response again with
 * the same idempotency key changes nothing and returns the approval as it stands. An edit has to meet the policy as a
 * request with its arguments would. What comes at the approval's deadline or later is too late: the approval ends as its
 * timer would have it, and the response meets the approval that has ended.
 *
 * @throws {HoldpointError} `not_found`, `already_resolved`, `not_a_reviewer`, `self_approval`, `decision_not_allowed`,
 *   `digest_mismatch`, `invalid_args`; `idempotency_conflict` when the key was used with a different response; `unavailable`
 *   when the host doesn't say who is in a group
 */
export async function respond(
  ctx: Context,
  viewer: Viewer,
  id: string,
  input: RespondInput,
  { via = "api", idempotencyKey, groups = new GroupLookup(ctx, viewer.tenantId) }: ResponseFacts = {},
): Promise<Approval> {
  const isEdit = !("approved" in input) && input.type === "edit";
  const policy = isEdit ? await ctx.policies.policyOf(viewer.tenantId) : undefined;
  const decide = async (tx: Transaction): Promise<Approval> => {
    const approval = await lockVisible(tx, viewer, id);
    const now = isoTime(ctx.clock.now());
    if (idempotencyKey) {
      const call = { verb: "respond", key: idempotencyKey, by: viewer.id, body: input, now } as const;
      if (await isRepeated(tx, approval, call)) return approval;
    }
    if (isPastDeadline(approval, now)) throw new DeadlinePassedError();
    const decision = toDecision({ approval, input, viewer, id: ctx.newId("dec"), now, via });
    const checkEdit =
      policy && ((edited: Approval) => assertEditAllowed(ctx, tx, { policy, edited, facts: { now, by: viewer.id } }));
    const after = decided(approval, decision, viewer, { groups, checkEdit });
    const remember = "approved" in input ? undefined : input.remember;
    const stored = remember ? await rememberDecision(ctx, tx, { before: approval, after, remember }) : after;
    return transition(ctx, tx, approval, stored);
  };
  try {
    return await groups.write(decide);
  } catch (error) {
    if (!(error instanceof DeadlinePassedError)) throw error;
    await meetDeadline(ctx, groups, { tenantId: viewer.tenantId, id });
    return groups.write(decide);
  }
}

function isPastDeadline({ status, deadlineAt }: Approval, now: string): boolean {
  return status === "pending" && deadlineAt !== undefined && Date.parse(deadlineAt) <= Date.parse(now);
}

/** What a decision depends on besides the approval. */
interface Circumstances extends Pick<DecisionContext, "checkEdit"> {
  groups: GroupLookup;
}

/** The host isn't asked who is in groups for a decision that is refused anyway. */
function decided(
  approval: Approval,
  decision: Decision,
  viewer: Viewer,
  { groups, checkEdit }: Circumstances,
): Approval {
  const needed = groupsToResolve(approval, decision.type);
  const alone = applyDecision(approval, decision, viewer, { checkJson, checkEdit });
  if (needed.length === 0) return alone;
  return applyDecision(approval, decision, viewer, { checkJson, groupMembers: groups.members(needed) });
}

/** An edit that is to be judged. */
interface EditCase {
  policy: Policy;
  edited: Approval;
  facts: EditFacts;
}

/**
 * Logs the rules that fail once something comes of it: a transaction may be undone, and the edit judged anew.
 *
 * @throws {HoldpointError} `decision_not_allowed` naming the rule that its arguments offend
 */
function assertEditAllowed({ logger }: Context, tx: Transaction, { policy, edited, facts }: EditCase): void {
  const { refusal, failures } = rulingOnEdit(policy, edited, facts);
  const logFailures = () => {
    for (const { rule, error } of failures) {
      logger.error({ err: error, rule, approvalId: edited.id }, "a rule of the policy failed for an edit");
    }
  };
  if (refusal) {
    logFailures();
    throw refusal;
  }
  tx.afterCommit(logFailures);
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
