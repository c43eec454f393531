import type { Insertable, Kysely } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "./store.ts";
import type { ResponseKeysTable, Tables } from "./tables.ts";

/** Names one response of one person to one approval; the person chose `key`. */
export interface ResponseKey {
  tenantId: string;
  approvalId: string;
  personId: string;
  key: string;
}

/** The hash of the response that was stored under a key. */
export async function findResponseHash(db: Kysely<Tables>, key: ResponseKey): Promise<string | undefined> {
  const row = await db
    .selectFrom("response_keys")
    .select("request_hash")
    .where("tenant_id", "=", key.tenantId)
    .where("approval_id", "=", key.approvalId)
    .where("person_id", "=", key.personId)
    .where("key", "=", key.key)
    .executeTakeFirst();
  return row?.request_hash;
}

/**
 * Remembers a response, whose approval must be locked.
 *
 * @returns false when one was stored under this key before; {@link findResponseHash} tells which
 */
export async function rememberResponse(
  tx: Transaction,
  key: ResponseKey,
  { requestHash, at }: { requestHash: string; at: string },
): Promise<boolean> {
  const { numAffectedRows } = await insertRow(tx.db, {
    row: {
      tenant_id: key.tenantId,
      approval_id: key.approvalId,
      person_id: key.personId,
      key: key.key,
      request_hash: requestHash,
      at,
    },
  });
  return numAffectedRows !== 0n;
}

const insertRow = prepared((db, { row }: { row: Insertable<ResponseKeysTable> }) =>
  db
    .insertInto("response_keys")
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);
