import type { ApprovalQuery, Viewer } from "@holdpoint/core";
import { type Expression, expressionBuilder, type Kysely, type OrderByDirection, type SqlBool, sql } from "kysely";
import type { Position } from "./approval-cursor.ts";
import { matches } from "./approval-filter.ts";
import { barringSubjects, mayDecide, visibilityOf } from "./audience.ts";
import type { AudiencePart, Tables } from "./tables.ts";

/** What a list is ordered by; the id, being sortable by time, is the order of creation. */
export interface Order {
  column: "id" | "deadline_at" | "updated_at";
  direction: OrderByDirection;
}

/** What to find. */
export interface Search {
  viewer: Viewer;
  query: ApprovalQuery;
  order: Order;
  /** Where the page before ended. */
  after?: Position;
  /** Only pending ones whose ids sort before this. */
  staleBefore?: string;
  limit: number;
}

/** Which rows of the audience let a viewer see an approval, besides its own conditions. */
interface Access {
  parts: AudiencePart[];
  conditions: Expression<SqlBool>[];
}

/** Subjects up to which there is a query for each; databases limit how many make a union. */
const maxBranches = 100;

const approvals = expressionBuilder<Tables, "approvals">();

/**
 * Queries for the positions of the first `limit` approvals that a viewer may see; the page is in their union.
 *
 * Each reads an index in the order of the list and stops early; pending approvals, which are few, and those that have
 * ended have indexes of their own. In the order of creation there is one query per subject of the viewer, so that a few
 * approvals among a million are found without passing over the others; in other orders they do pass over what others see.
 */
export function visibleApprovals(db: Kysely<Tables>, search: Search) {
  const { viewer, query } = search;
  const mine = query.assignee === "me";
  if (mine && !mayDecide(viewer)) return [];
  const access: Access = mine
    ? { parts: ["decide"], conditions: [notBarred(viewer)] }
    : { parts: ["decide", "look", "barred"], conditions: [] };
  return lives(search)
    .filter((life) => life === "pending" || !mine)
    .flatMap((life) => branches(db, search, life, access));
}

function branches(db: Kysely<Tables>, search: Search, life: Life, access: Access) {
  const { viewer, order } = search;
  const visibility = visibilityOf(viewer);
  if (visibility === "all") return [inOrder(db, search, life, access.conditions)];
  const { subjects } = visibility;
  if (order.column === "id" && subjects.length <= maxBranches)
    return subjects.map((subject) => bySubject(db, search, life, access, subject));
  return [inOrder(db, search, life, [addressed(viewer, subjects, life, access.parts), ...access.conditions])];
}

function inOrder(db: Kysely<Tables>, search: Search, life: Life, conditions: Expression<SqlBool>[]) {
  const { viewer, query, order, after, staleBefore, limit } = search;
  const rank = `approvals.${order.column}` as const;
  const beyond = order.direction === "asc" ? ">" : "<";
  return db
    .selectFrom("approvals")
    .select([`${rank} as rank`, "approvals.id as id"])
    .where("approvals.tenant_id", "=", viewer.tenantId)
    .where(approvals.and([isIn[life], matches(query), ...conditions]))
    .$if(staleBefore !== undefined, (page) => page.where("approvals.id", "<", staleBefore ?? ""))
    .$if(after !== undefined, (page) =>
      page.where(({ eb, refTuple, tuple }) =>
        eb(refTuple(rank, "approvals.id"), beyond, tuple(after?.rank ?? "", after?.id ?? "")),
      ),
    )
    .orderBy(rank, order.direction)
    .$if(order.column !== "id", (page) => page.orderBy("approvals.id", order.direction))
    .limit(limit);
}

function bySubject(db: Kysely<Tables>, search: Search, life: Life, access: Access, subject: string) {
  const { viewer, query, order, after, staleBefore, limit } = search;
  return db
    .selectFrom("approval_audience as audience")
    .innerJoin("approvals", (join) =>
      join.onRef("approvals.tenant_id", "=", "audience.tenant_id").onRef("approvals.id", "=", "audience.approval_id"),
    )
    .select(["audience.approval_id as rank", "audience.approval_id as id"])
    .where("audience.tenant_id", "=", viewer.tenantId)
    .where("audience.subject", "=", subject)
    .where("audience.pending", "=", pendingFlag[life])
    .where("audience.part", "in", access.parts)
    .where(approvals.and([matches(query), ...access.conditions]))
    .$if(staleBefore !== undefined, (page) => page.where("audience.approval_id", "<", staleBefore ?? ""))
    .$if(after !== undefined, (page) =>
      page.where("audience.approval_id", order.direction === "asc" ? ">" : "<", after?.id ?? ""),
    )
    .orderBy("audience.approval_id", order.direction)
    .limit(limit);
}

/** Whether one of these subjects has such a part in the approval. */
function addressed(viewer: Viewer, subjects: string[], life: Life, parts: AudiencePart[]): Expression<SqlBool> {
  return approvals.exists(
    approvals
      .selectFrom("approval_audience as audience")
      .select("audience.approval_id")
      .where("audience.tenant_id", "=", viewer.tenantId)
      .where("audience.subject", "in", subjects)
      .where("audience.pending", "=", pendingFlag[life])
      .whereRef("audience.approval_id", "=", "approvals.id")
      .where("audience.part", "in", parts),
  );
}

function notBarred(viewer: Viewer): Expression<SqlBool> {
  return approvals.not(addressed(viewer, barringSubjects(viewer), "pending", ["barred"]));
}

/** Whether approvals wait or have ended: what indexes and the audience tell apart. */
type Life = "pending" | "ended";

const pendingFlag: Record<Life, number> = { pending: 1, ended: 0 };

/** Written as the indexes have it, without parameters: only then do databases see that those apply. */
const isIn: Record<Life, Expression<SqlBool>> = {
  pending: sql`approvals.status = 'pending'`,
  ended: sql`approvals.status <> 'pending'`,
};

function lives({ query, staleBefore }: Search): Life[] {
  const asked = query.status?.map((one): Life => (one === "pending" ? "pending" : "ended")) ?? ["pending", "ended"];
  return [...new Set(asked)].filter((life) => life === "pending" || staleBefore === undefined);
}
