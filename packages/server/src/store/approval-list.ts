import {
  type Approval,
  type ApprovalQuery,
  type ApprovalSort,
  type Duration,
  defaultLimit,
  durationMs,
  firstIdAt,
  type Page,
  type Viewer,
} from "@holdpoint/core";
import type { Kysely } from "kysely";
import { decodeCursor, encodeCursor } from "./approval-cursor.ts";
import { fromBody } from "./approvals-table.ts";
import type { Tables } from "./tables.ts";
import { type Order, visibleApprovals } from "./visible-approvals.ts";

const orders: Record<ApprovalSort, Order> = {
  "-createdAt": { column: "id", direction: "desc" },
  createdAt: { column: "id", direction: "asc" },
  deadlineAt: { column: "deadline_at", direction: "asc" },
  "-updatedAt": { column: "updated_at", direction: "desc" },
};

/**
 * A page of the approvals that a viewer may see. What is added or changed between two pages may move within the order,
 * but what stays in place is neither left out nor given twice.
 *
 * @param now for `stale`, in ms since the epoch
 * @throws {HoldpointError} `invalid_request` naming `cursor`
 */
export async function listApprovals(
  db: Kysely<Tables>,
  viewer: Viewer,
  query: ApprovalQuery,
  now = Date.now(),
): Promise<Page<Approval>> {
  const { sort = "-createdAt", limit = defaultLimit, cursor } = query;
  const { direction } = orders[sort];
  const after = cursor === undefined ? undefined : decodeCursor(sort, cursor);
  const staleBefore = query.stale === undefined ? undefined : staleBound(query.stale, now);
  const search = { viewer, query, order: orders[sort], after, staleBefore, limit: limit + 1 };
  const [first, ...others] = visibleApprovals(db, search).map((branch) =>
    db.selectFrom(branch.as("branch")).select(["rank", "id"]),
  );
  if (!first) return { items: [] };
  const page = others
    .reduce((union, branch) => union.union(branch), first)
    .orderBy("rank", direction)
    .orderBy("id", direction)
    .limit(limit + 1);
  const rows = await db
    .selectFrom(page.as("page"))
    .crossJoin("approvals")
    .select(["page.rank", "page.id", "approvals.body"])
    .where("approvals.tenant_id", "=", viewer.tenantId)
    .whereRef("approvals.id", "=", "page.id")
    .orderBy("page.rank", direction)
    .orderBy("page.id", direction)
    .execute();
  const items = rows.slice(0, limit).map(fromBody);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last ? { items, nextCursor: encodeCursor(sort, last) } : { items };
}

/** Ids carry the time of creation: what was pending for so long at `now` has one that sorts before this. */
export function staleBound(stale: Duration, now: number): string {
  return firstIdAt("apr", now - durationMs(stale) + 1);
}
