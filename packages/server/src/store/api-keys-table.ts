import { createHash, randomBytes } from "node:crypto";
import { HoldpointError, type Role } from "@holdpoint/core";
import type { Kysely, Selectable } from "kysely";
import type { Transaction } from "./store.ts";
import type { ApiKeysTable, Tables } from "./tables.ts";

/** A key by which an agent or a service calls the API. */
export interface ApiKey {
  id: string;
  tenantId: string;
  name: string;
  role: Role;
  groups: string[];
  /** The person who answers for what the key does. */
  ownerId?: string;
  createdAt: string;
  revokedAt?: string;
}

/** Tells our keys from other tokens. */
export const apiKeyPrefix = "hpk_";

/** Stores a key and returns its secret, which can't be had again. */
export async function insertApiKey(tx: Transaction, key: Omit<ApiKey, "revokedAt">): Promise<string> {
  const secret = apiKeyPrefix + randomBytes(32).toString("base64url");
  await tx.db
    .insertInto("api_keys")
    .values({
      id: key.id,
      tenant_id: key.tenantId,
      hash: hashOf(secret),
      name: key.name,
      role: key.role,
      groups: JSON.stringify(key.groups),
      owner_id: key.ownerId ?? null,
      created_at: key.createdAt,
      revoked_at: null,
    })
    .execute();
  return secret;
}

/** The key that a secret belongs to, unless it was revoked. */
export async function findApiKey(db: Kysely<Tables>, secret: string): Promise<ApiKey | undefined> {
  const row = await db
    .selectFrom("api_keys")
    .selectAll()
    .where("hash", "=", hashOf(secret))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** A tenant's keys, oldest first, revoked ones too. */
export async function listApiKeys(db: Kysely<Tables>, tenantId: string): Promise<ApiKey[]> {
  const rows = await db.selectFrom("api_keys").selectAll().where("tenant_id", "=", tenantId).orderBy("id").execute();
  return rows.map(fromRow);
}

/**
 * Ends a key; ending it again changes nothing.
 *
 * @throws {HoldpointError} `not_found`
 */
export async function revokeApiKey(tx: Transaction, tenantId: string, id: string, at: string): Promise<void> {
  const { numUpdatedRows } = await tx.db
    .updateTable("api_keys")
    .set((row) => ({ revoked_at: row.fn.coalesce("revoked_at", row.val(at)) }))
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new HoldpointError("not_found", `There is no API key ${id}.`);
}

/** A fast hash will do: the secret is 256 random bits. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function fromRow(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    role: row.role as Role,
    groups: JSON.parse(row.groups) as string[],
    ...(row.owner_id !== null && { ownerId: row.owner_id }),
    createdAt: row.created_at,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  };
}
