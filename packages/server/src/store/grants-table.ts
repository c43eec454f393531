import { type Grant, HoldpointError, type Person, withoutUndefined } from "@holdpoint/core";
import type { Kysely, Selectable } from "kysely";
import type { Transaction } from "./store.ts";
import type { GrantsTable, Tables } from "./tables.ts";

/** Grants of one scope that are looked at for a request; those that hold longest come first. */
const mostCandidates = 20;

/** Stores a grant, to be found by its scope. */
export async function insertGrant(tx: Transaction, grant: Grant, scope: string): Promise<void> {
  await tx.db
    .insertInto("grants")
    .values({
      tenant_id: grant.tenantId,
      id: grant.id,
      scope,
      by_id: grant.by.id,
      uses: grant.uses,
      max_uses: grant.maxUses ?? null,
      expires_at: grant.expiresAt,
      revoked_at: null,
      revoked_by: null,
      body: JSON.stringify(grant),
    })
    .execute();
}

/** Grants that have one of these scopes and hold now. */
export async function grantsInScope(
  db: Kysely<Tables>,
  tenantId: string,
  scopes: readonly string[],
  now: string,
): Promise<Grant[]> {
  if (scopes.length === 0) return [];
  const rows = await db
    .selectFrom("grants")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("scope", "in", scopes)
    .where("expires_at", ">", now)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("max_uses", "is", null), eb("uses", "<", eb.ref("max_uses"))]))
    // Not by id: SQLite would go through all of the tenant's grants in that order instead of the scope's.
    .orderBy("expires_at", "desc")
    .limit(mostCandidates)
    .execute();
  return rows.map(fromRow);
}

/** Counts one use, unless the grant was revoked or used up meanwhile. */
export async function useGrant(tx: Transaction, { tenantId, id }: Grant): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable("grants")
    .set(({ eb }) => ({ uses: eb("uses", "+", 1) }))
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("max_uses", "is", null), eb("uses", "<", eb.ref("max_uses"))]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ends a grant; false when it has been revoked before. */
export async function revokeGrant(
  tx: Transaction,
  { tenantId, id }: Grant,
  { at, by }: { at: string; by: Person },
): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable("grants")
    .set({ revoked_at: at, revoked_by: JSON.stringify(by) })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * One grant.
 *
 * @throws {HoldpointError} `not_found`
 */
export async function getGrant(db: Kysely<Tables>, tenantId: string, id: string): Promise<Grant> {
  const query = db.selectFrom("grants").selectAll().where("tenant_id", "=", tenantId).where("id", "=", id);
  const row = await query.executeTakeFirst();
  if (row) return fromRow(row);
  throw grantNotFound(id);
}

/** A tenant's grants, newest first, ended ones too until they are forgotten; those of one person when `byId` is given. */
export async function listGrants(
  db: Kysely<Tables>,
  scope: { tenantId: string; byId?: string },
  page: { limit: number; beforeId?: string },
): Promise<Grant[]> {
  let query = db.selectFrom("grants").selectAll().where("tenant_id", "=", scope.tenantId);
  if (scope.byId !== undefined) query = query.where("by_id", "=", scope.byId);
  if (page.beforeId !== undefined) query = query.where("id", "<", page.beforeId);
  return (await query.orderBy("id", "desc").limit(page.limit).execute()).map(fromRow);
}

/** When the first of all grants ends, or ended. */
export async function oldestGrantEnd(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db.selectFrom("grants").select("expires_at").orderBy("expires_at").limit(1).executeTakeFirst();
  return row?.expires_at;
}

/** Removes up to `limit` grants whose time was over before `at`; how many there were. */
export async function forgetGrants(tx: Transaction, at: string, limit: number): Promise<number> {
  const query = tx.db.selectFrom("grants").select(["tenant_id", "id"]).where("expires_at", "<", at);
  const rows = await query.orderBy("expires_at").limit(limit).execute();
  for (const [tenantId, grants] of Map.groupBy(rows, (row) => row.tenant_id)) {
    const ids = grants.map(({ id }) => id);
    await tx.db.deleteFrom("grants").where("tenant_id", "=", tenantId).where("id", "in", ids).execute();
  }
  return rows.length;
}

/** The error for a grant that is unknown, another tenant's, or not the viewer's. */
export function grantNotFound(id: string): HoldpointError {
  return new HoldpointError("not_found", `There is no grant ${id}.`);
}

function fromRow({ body, uses, revoked_at, revoked_by }: Selectable<GrantsTable>): Grant {
  return withoutUndefined<Grant>({
    ...(JSON.parse(body) as Grant),
    uses: Number(uses),
    revokedAt: revoked_at ?? undefined,
    revokedBy: revoked_by === null ? undefined : (JSON.parse(revoked_by) as Person),
  });
}
