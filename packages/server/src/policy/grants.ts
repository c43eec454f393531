import {
  type Approval,
  applyGrant,
  asJson,
  type Decision,
  defaultLimit,
  type Grant,
  grantOf,
  grantScopes,
  HoldpointError,
  isCovered,
  isGrantable,
  type NewEvent,
  type Page,
  type Person,
  type Remember,
  routes,
  scopeOf,
  type Viewer,
  withoutUndefined,
} from "@holdpoint/core";
import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import { assertRole } from "../identity/assert-role.ts";
import { invalidCursor } from "../invalid-cursor.ts";
import { isoTime } from "../iso-time.ts";
import * as table from "../store/grants-table.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";

/**
 * Stores the grant that comes of a decision, in the decision's transaction, and returns the approval whose decision
 * names it.
 *
 * @throws {HoldpointError} `decision_not_allowed` when the decision can't be remembered
 */
export async function rememberDecision(
  ctx: Context,
  tx: Transaction,
  made: { before: Approval; after: Approval; remember: Remember },
): Promise<Approval> {
  const { before, after } = made;
  const decision = after.decisions.at(-1);
  if (after.decisions.length === before.decisions.length || !decision) {
    throw new HoldpointError("decision_not_allowed", "You have approved this already; it can't be remembered now.");
  }
  const grant = grantOf({ ...made, decision, id: ctx.newId("gra") });
  await table.insertGrant(tx, grant, scopeOf(grant, before));
  await tx.append(grant.tenantId, [grantEvent("grant.given", grant, grant.createdAt, grant.by)]);
  const remembered: Decision = { ...decision, remembered: grant.id };
  return { ...after, decisions: after.decisions.with(-1, remembered) };
}

/** The grant that would let a new approval through, if one does. */
export async function findGrant(db: Kysely<Tables>, approval: Approval): Promise<Grant | undefined> {
  const [first] = await coveringGrants(db, approval);
  return first;
}

/** A new approval, approved by a grant whose use is counted with it; as it is when there is none. */
export async function grantedApproval(tx: Transaction, approval: Approval): Promise<Approval> {
  for (const grant of await coveringGrants(tx.db, approval)) {
    if (await table.useGrant(tx, grant)) return applyGrant(approval, grant);
  }
  return approval;
}

/**
 * A page of grants, newest first: a reviewer's own, all for admins and auditors.
 *
 * @throws {HoldpointError} `forbidden`; `invalid_request` naming `cursor`
 */
export async function grantsPage(
  ctx: Context,
  viewer: Viewer,
  { limit = defaultLimit, cursor }: { limit?: number; cursor?: string } = {},
): Promise<Page<Grant>> {
  assertRole(viewer, routes.listGrants);
  const scope = { tenantId: viewer.tenantId, ...(viewer.role === "reviewer" && { byId: viewer.id }) };
  const found = await table.listGrants(
    ctx.store.reader,
    scope,
    withoutUndefined({ limit: limit + 1, beforeId: idOf(cursor) }),
  );
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return last ? { items, nextCursor: last.id } : { items };
}

/**
 * Ends a grant at once; ending it again changes nothing.
 *
 * @throws {HoldpointError} `forbidden`; `not_found`, also for a grant that somebody else gave, unless to an admin
 */
export async function revokeGrant(ctx: Context, viewer: Viewer, id: string): Promise<Grant> {
  assertRole(viewer, routes.revokeGrant);
  return ctx.store.write(async (tx) => {
    const grant = await table.getGrant(tx.db, viewer.tenantId, id);
    if (viewer.role !== "admin" && grant.by.id !== viewer.id) throw table.grantNotFound(id);
    const at = isoTime(ctx.clock.now());
    const by = withoutUndefined<Person>({ id: viewer.id, name: viewer.name });
    if (await table.revokeGrant(tx, grant, { at, by })) {
      await tx.append(viewer.tenantId, [grantEvent("grant.revoked", grant, at, by)]);
    }
    return table.getGrant(tx.db, viewer.tenantId, id);
  });
}

async function coveringGrants(db: Kysely<Tables>, approval: Approval): Promise<Grant[]> {
  if (!isGrantable(approval)) return [];
  const grants = await table.grantsInScope(db, approval.tenantId, grantScopes(approval), approval.createdAt);
  return grants.filter((grant) => isCovered(approval, grant));
}

function grantEvent(type: "grant.given" | "grant.revoked", grant: Grant, at: string, actor: Person): NewEvent {
  const { id, by, action, match, argsDigest, for: extent, expiresAt, approvalId, uses } = grant;
  const data = type === "grant.given" ? { action, match, argsDigest, for: extent, expiresAt } : { action, uses };
  return { type, approvalId, actor, at, data: asJson(withoutUndefined({ grant: { id, by }, ...data })) };
}

function idOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined || /^gra_\w+$/.test(cursor)) return cursor;
  throw invalidCursor();
}
