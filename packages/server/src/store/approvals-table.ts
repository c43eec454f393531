import { type Approval, HoldpointError, nextDueAt as nextDueAtOf } from "@holdpoint/core";
import type { Insertable, Kysely } from "kysely";
import { prepared } from "../database/prepared.ts";
import { insertAudience, saveAudience } from "./audience-table.ts";
import { approvalKey } from "./known-approvals.ts";
import type { Transaction } from "./store.ts";
import { type ApprovalsTable, forever, type Tables } from "./tables.ts";

/** An approval that was found by its key, and the hash of the request that made it. */
export interface KeyedApproval {
  approval: Approval;
  requestHash: string;
}

/**
 * Stores a new approval.
 *
 * @param requestHash of the request, when it carries a `key`
 * @returns false when another one with the same `key` came first; {@link findApprovalByKey} gives that one
 */
export async function insertApproval(tx: Transaction, approval: Approval, requestHash?: string): Promise<boolean> {
  const columns = changing(approval);
  const { numAffectedRows } = await insertRow(tx.db, {
    row: {
      tenant_id: approval.tenantId,
      id: approval.id,
      key: approval.key ?? null,
      request_hash: requestHash ?? null,
      kind: approval.kind,
      engine: approval.source?.engine ?? null,
      workflow: approval.source?.workflow ?? null,
      run_id: approval.source?.runId ?? null,
      tags: tagList(approval.tags),
      search_text: searchText(approval),
      ...columns,
    },
  });
  if (numAffectedRows === 0n) return false;
  tx.approvals.set(approvalKey(approval), columns.body);
  await insertAudience(tx.db, approval);
  return true;
}

/**
 * Reads an approval that the transaction is going to change; on Postgres others wait until it ends.
 *
 * @throws {HoldpointError} `not_found`
 */
export async function lockApproval(tx: Transaction, tenantId: string, id: string): Promise<Approval> {
  const body = tx.approvals.get(approvalKey({ tenantId, id })) ?? (await lockBody(tx, { tenantId, id }));
  const approval = fromBody({ body });
  tx.locked.set(id, approval.version);
  return approval;
}

/**
 * Stores what became of an approval, provided that it is still as it was `before`.
 *
 * @throws {HoldpointError} `unavailable` when somebody else has changed it: it wasn't locked
 */
export async function saveApproval(tx: Transaction, before: Approval, after: Approval): Promise<void> {
  // A locked one is as it was read: whether its update finds it needn't be waited for.
  const timing = tx.locked.get(before.id) === before.version ? "later" : undefined;
  const columns = changing(after);
  const update = { before: versionOf(before), columns };
  const { numAffectedRows } = await updateRow(tx.db, update, timing);
  if (timing === "later") tx.locked.set(before.id, after.version);
  if (numAffectedRows !== undefined && numAffectedRows !== 1n) {
    throw new HoldpointError("unavailable", `Approval ${before.id} was changed by somebody else just now; try again.`);
  }
  tx.approvals.set(approvalKey(after), columns.body);
  await saveAudience(tx.db, before, after);
}

/** An approval that isn't known has no pending statements, so reading it needn't wait for any. */
async function lockBody(tx: Transaction, which: ApprovalId): Promise<string> {
  const { rows } = await (tx.engine === "postgres" ? lockedBodyById : bodyById)(tx.db, which, "ahead");
  if (!rows[0]) throw approvalNotFound(which.id);
  tx.approvals.set(approvalKey(which), rows[0].body);
  return rows[0].body;
}

export async function getApproval(db: Kysely<Tables>, tenantId: string, id: string): Promise<Approval | undefined> {
  const { rows } = await bodyById(db, { tenantId, id });
  return rows[0] && fromBody(rows[0]);
}

/** Those of a tenant's approvals that exist, by id. */
export async function getApprovals(
  db: Kysely<Tables>,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Approval>> {
  if (ids.length === 0) return new Map();
  const { rows } = await bodiesById(db, { tenantId, ids });
  return new Map(rows.map((row) => [row.id, fromBody(row)]));
}

/** Approvals of several tenants, by id; for what the server does by itself. */
export async function getApprovalsOf(
  db: Kysely<Tables>,
  tenantIds: readonly string[],
  ids: readonly string[],
): Promise<Map<string, Approval>> {
  if (ids.length === 0) return new Map();
  const query = db.selectFrom("approvals").select(["id", "body"]).where("tenant_id", "in", tenantIds);
  const rows = await query.where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, fromBody(row)]));
}

/** The approval that an earlier request with this key made. */
export async function findApprovalByKey(
  db: Kysely<Tables>,
  tenantId: string,
  key: string,
): Promise<KeyedApproval | undefined> {
  const row = await db
    .selectFrom("approvals")
    .select(["body", "request_hash"])
    .where("tenant_id", "=", tenantId)
    .where("key", "=", key)
    .executeTakeFirst();
  return row && { approval: fromBody(row), requestHash: row.request_hash ?? "" };
}

/** An approval whose timer strikes. */
export interface DueApproval {
  tenantId: string;
  id: string;
  dueAt: string;
}

/** Approvals of all tenants whose timers have struck by `now`, the longest overdue first; from behind `after` on. */
export async function dueApprovals(
  db: Kysely<Tables>,
  now: string,
  limit: number,
  after?: DueApproval,
): Promise<DueApproval[]> {
  const rows = await db
    .selectFrom("approvals")
    .select(["tenant_id", "id", "due_at"])
    .where("due_at", "is not", null)
    .where("due_at", "<=", now)
    .$if(after !== undefined, (page) =>
      page.where(({ eb, refTuple, tuple }) =>
        eb(refTuple("due_at", "id"), ">", tuple(after?.dueAt ?? "", after?.id ?? "")),
      ),
    )
    .orderBy("due_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ tenant_id, id, due_at }) => ({ tenantId: tenant_id, id, dueAt: due_at ?? now }));
}

/** When the next timer of any approval strikes. */
export async function nextDueAt(db: Kysely<Tables>): Promise<string | undefined> {
  const query = db.selectFrom("approvals").select("due_at").where("due_at", "is not", null).orderBy("due_at").limit(1);
  return (await query.executeTakeFirst())?.due_at ?? undefined;
}

/** Where a claim's time is over. */
export interface ExpiredClaim {
  tenantId: string;
  id: string;
}

/** Approvals of all tenants with claims that ended by `now`, the longest over first. */
export async function expiredClaims(db: Kysely<Tables>, now: string, limit: number): Promise<ExpiredClaim[]> {
  const rows = await db
    .selectFrom("approvals")
    .select(["tenant_id", "id"])
    .where("claim_until", "is not", null)
    .where("claim_until", "<=", now)
    .orderBy("claim_until")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ tenant_id, id }) => ({ tenantId: tenant_id, id }));
}

/** When the next claim of all ends. */
export async function nextClaimExpiry(db: Kysely<Tables>): Promise<string | undefined> {
  const query = db.selectFrom("approvals").select("claim_until").where("claim_until", "is not", null);
  return (await query.orderBy("claim_until").limit(1).executeTakeFirst())?.claim_until ?? undefined;
}

/** The error for an id that is unknown, another tenant's, or not the viewer's to see. */
export function approvalNotFound(id: string): HoldpointError {
  return new HoldpointError("not_found", `There is no approval ${id}.`);
}

export function fromBody({ body }: { body: string }): Approval {
  return JSON.parse(body) as Approval;
}

/** Names an approval. */
interface ApprovalId {
  tenantId: string;
  id: string;
}

const insertRow = prepared((db, { row }: { row: Insertable<ApprovalsTable> }) =>
  db
    .insertInto("approvals")
    .values(row)
    .onConflict((conflict) => conflict.columns(["tenant_id", "key"]).where("key", "is not", null).doNothing()),
);

const updateRow = prepared(
  (db, { before, columns }: { before: ApprovalId & { version: number }; columns: Partial<ApprovalsTable> }) =>
    db
      .updateTable("approvals")
      .set(columns)
      .where("tenant_id", "=", before.tenantId)
      .where("id", "=", before.id)
      .where("version", "=", before.version),
);

const byId = (db: Kysely<Tables>, { tenantId, id }: ApprovalId) =>
  db.selectFrom("approvals").select("body").where("tenant_id", "=", tenantId).where("id", "=", id);

const bodyById = prepared(byId);

const lockedBodyById = prepared((db, which: ApprovalId) => byId(db, which).forUpdate());

const bodiesById = prepared((db, { tenantId, ids }: { tenantId: string; ids: readonly string[] }) =>
  db.selectFrom("approvals").select(["id", "body"]).where("tenant_id", "=", tenantId).where("id", "in", ids),
);

function versionOf({ tenantId, id, version }: Approval) {
  return { tenantId, id, version };
}

/** The columns that follow an approval through its life. */
function changing(approval: Approval) {
  return {
    status: approval.status,
    risk: approval.risk,
    version: approval.version,
    updated_at: approval.updatedAt,
    deadline_at: approval.deadlineAt ?? forever,
    due_at: nextDueAtOf(approval) ?? null,
    claim_until: approval.claimExpiresAt ?? null,
    body: JSON.stringify(approval),
  } satisfies Partial<Insertable<ApprovalsTable>>;
}

/** Every tag as a JSON string with a comma before it, so that `,"tag"` is found in it exactly when it has that tag. */
function tagList(tags: readonly string[]): string {
  return tags.map(tagEntry).join("");
}

/** A tag as it stands in {@link ApprovalsTable.tags}. */
export function tagEntry(tag: string): string {
  return `,${JSON.stringify(tag)}`;
}

/** What `q` looks through. */
function searchText({ title, message = "", action }: Approval): string {
  return searchable(`${title}\n${message}\n${action?.name ?? ""}`);
}

/** Text as it is searched for, in lower case by JavaScript's rules: databases differ in theirs. */
export function searchable(text: string): string {
  return text.toLowerCase();
}
