import { type Approval, canonicalJson, HoldpointError, sha256Hex } from "@holdpoint/core";
import { findResponseHash, rememberResponse } from "../store/response-keys-table.ts";
import type { Transaction } from "../store/store.ts";

/** What came with an idempotency key. */
export interface KeyedCall {
  verb: "respond" | "consume";
  /** As the caller chose it. */
  key: string;
  /** The caller's id. */
  by: string;
  body: object;
  /** ISO 8601. */
  now: string;
}

/**
 * Whether the same person has done this to an approval before under this key; if not, remembers that it is being done
 * now. The approval must be locked.
 *
 * @throws {HoldpointError} `idempotency_conflict` when the key came with something else
 */
export async function isRepeated(tx: Transaction, approval: Approval, call: KeyedCall): Promise<boolean> {
  const { verb, key, by, body, now } = call;
  const name = verb === "respond" ? key : `${verb}\n${key}`;
  const stored = { tenantId: approval.tenantId, approvalId: approval.id, personId: by, key: name };
  const requestHash = sha256Hex(canonicalJson(body));
  // Whatever came with a key has changed the approval.
  const before = approval.version === 1 ? undefined : await findResponseHash(tx, stored);
  if (before === requestHash) return true;
  if (before === undefined) {
    await rememberResponse(tx, stored, { requestHash, at: now });
    return false;
  }
  throw new HoldpointError(
    "idempotency_conflict",
    "This Idempotency-Key was used for another call; send the same again, or use another key.",
  );
}
