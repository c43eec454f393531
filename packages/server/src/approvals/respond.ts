import {
  type Approval,
  applyDecision,
  type BulkItem,
  type BulkRespondInput,
  type BulkResult,
  canonicalJson,
  canSee,
  type DecisionSource,
  HoldpointError,
  type RespondInput,
  sha256Hex,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { approvalNotFound, lockApproval } from "../store/approvals-table.ts";
import { findResponseHash, rememberResponse } from "../store/response-keys-table.ts";
import type { Transaction } from "../store/store.ts";
import { unexpectedError } from "../unexpected-error.ts";
import { transition } from "./transition.ts";

/** How a response came. */
export interface ResponseFacts {
  via?: DecisionSource;
  idempotencyKey?: string;
}

/**
 * Records one reviewer's decision; the approval resolves when its last stage is satisfied. The same response again with
 * the same idempotency key changes nothing and returns the approval as it stands.
 *
 * @throws {HoldpointError} `not_found`, `already_resolved`, `not_a_reviewer`, `self_approval`, `decision_not_allowed`,
 *   `digest_mismatch`, `invalid_args`; `idempotency_conflict` when the key came with another response
 */
export async function respond(
  ctx: Context,
  viewer: Viewer,
  id: string,
  input: RespondInput,
  { via = "api", idempotencyKey }: ResponseFacts = {},
): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, viewer.tenantId, id);
    if (!canSee(approval, viewer)) throw approvalNotFound(id);
    const now = isoTime(ctx.clock.now());
    if (idempotencyKey && (await isRepeated(tx, viewer, id, { key: idempotencyKey, input, now }))) return approval;
    const decision = toDecision({ approval, input, viewer, id: ctx.newId("dec"), now, via });
    return transition(ctx, tx, approval, applyDecision(approval, decision, viewer));
  });
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
  const respondTo = ({ id, digest }: BulkItem) => respond(ctx, viewer, id, { type, digest, comment }, facts);
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

/** Whether this response was given before under this key; if not, remembers that it is being given now. */
async function isRepeated(
  tx: Transaction,
  viewer: Viewer,
  approvalId: string,
  { key, input, now }: { key: string; input: RespondInput; now: string },
): Promise<boolean> {
  const responseKey = { tenantId: viewer.tenantId, approvalId, personId: viewer.id, key };
  const requestHash = sha256Hex(canonicalJson(input));
  if (await rememberResponse(tx, responseKey, { requestHash, at: now })) return false;
  if ((await findResponseHash(tx.db, responseKey)) === requestHash) return true;
  throw new HoldpointError(
    "idempotency_conflict",
    "This Idempotency-Key was used for another response; send the same response again, or use another key.",
  );
}
