import type { Insertable } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "./store.ts";
import type { ResponseKeysTable } from "./tables.ts";

/** Names one response of one person to one approval; the person chose `key`. */
export interface ResponseKey {
  tenantId: string;
  approvalId: string;
  personId: string;
  key: string;
}

/** The hash of the response that was stored under a key; the approval must be locked. */
export async function findResponseHash(tx: Transaction, key: ResponseKey): Promise<string | undefined> {
  const timing = tx.touched.has(key.approvalId) ? undefined : "ahead";
  const { rows } = await hashByKey(tx.db, key, timing);
  return rows[0]?.request_hash;
}

/** Remembers a response, whose approval must be locked, under a key that {@link findResponseHash} has not found. */
export async function rememberResponse(
  tx: Transaction,
  key: ResponseKey,
  { requestHash, at }: { requestHash: string; at: string },
): Promise<void> {
  tx.touched.add(key.approvalId);
  const row = {
    tenant_id: key.tenantId,
    approval_id: key.approvalId,
    person_id: key.personId,
    key: key.key,
    request_hash: requestHash,
    at,
  };
  await insertRow(tx.db, { row }, "later");
}

const hashByKey = prepared((db, { tenantId, approvalId, personId, key }: ResponseKey) =>
  db
    .selectFrom("response_keys")
    .select("request_hash")
    .where("tenant_id", "=", tenantId)
    .where("approval_id", "=", approvalId)
    .where("person_id", "=", personId)
    .where("key", "=", key),
);

const insertRow = prepared((db, { row }: { row: Insertable<ResponseKeysTable> }) =>
  db.insertInto("response_keys").values(row),
);
