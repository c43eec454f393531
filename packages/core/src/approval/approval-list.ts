import { invalidRequest } from "../json/field-error.ts";
import { durationMs } from "../time/duration.ts";
import type { Viewer } from "../viewer.ts";
import { defaultLimit, type Page } from "../wire/page.ts";
import type { Approval } from "./approval.ts";
import type { ApprovalQuery, ApprovalSort } from "./approval-query.ts";
import { awaits, canSee } from "./reviewable.ts";

/** Sorts behind every date: what waits for ever. */
const forever = "~";

interface Order {
  rank(approval: Approval): string;
  descending: boolean;
}

const orders: Record<ApprovalSort, Order> = {
  "-createdAt": { rank: ({ id }) => id, descending: true },
  createdAt: { rank: ({ id }) => id, descending: false },
  deadlineAt: { rank: ({ deadlineAt }) => deadlineAt ?? forever, descending: false },
  "-updatedAt": { rank: ({ updatedAt }) => updatedAt, descending: true },
};

/**
 * Whether an approval is one that a query asks for and `viewer` may see.
 *
 * @param now for `stale`, in ms since the epoch; default `Date.now()`
 */
export function matchesQuery(approval: Approval, query: ApprovalQuery, viewer: Viewer, now?: number): boolean {
  const { status, kind, risk, tag, q = "", assignee, source, runId, stale } = query;
  return (
    canSee(approval, viewer) &&
    (!status || status.includes(approval.status)) &&
    (!kind || approval.kind === kind) &&
    (!risk || risk.includes(approval.risk)) &&
    (!tag || approval.tags.includes(tag)) &&
    (!source || approval.source?.engine === source || approval.source?.workflow === source) &&
    (!runId || approval.source?.runId === runId) &&
    (!stale || isStale(approval, stale, now)) &&
    words(q).every((word) => searchText(approval).includes(word)) &&
    (!assignee || awaits(approval, viewer))
  );
}

/** How two approvals stand in a list; for `toSorted`. */
export function compareApprovals(sort: ApprovalSort = "-createdAt"): (a: Approval, b: Approval) => number {
  const { rank, descending } = orders[sort];
  const direction = descending ? -1 : 1;
  return (a, b) => direction * (compare(rank(a), rank(b)) || compare(a.id, b.id));
}

/**
 * One page of approvals in memory, by the rules of every list.
 *
 * @throws {HoldpointError} `invalid_request` naming `cursor` when it is not one of a list in this order
 */
export function listPage(
  approvals: Iterable<Approval>,
  query: ApprovalQuery,
  viewer: Viewer,
  now?: number,
): Page<Approval> {
  const { sort = "-createdAt", limit = defaultLimit, cursor } = query;
  const after = cursor === undefined ? undefined : decodeCursor(sort, cursor);
  const inOrder = [...approvals]
    .filter((approval) => matchesQuery(approval, query, viewer, now) && (!after || isAfter(sort, approval, after)))
    .sort(compareApprovals(sort));
  const items = inOrder.slice(0, limit);
  const last = items.at(-1);
  if (!last || inOrder.length <= limit) return { items };
  return { items, nextCursor: encodeCursor([sort, orders[sort].rank(last), last.id]) };
}

type Position = [sort: string, rank: string, id: string];

function isAfter(sort: ApprovalSort, approval: Approval, [, rank, id]: Position): boolean {
  const order = compare(orders[sort].rank(approval), rank) || compare(approval.id, id);
  return orders[sort].descending ? order < 0 : order > 0;
}

function encodeCursor(position: Position): string {
  return encodeURIComponent(JSON.stringify(position));
}

function decodeCursor(sort: ApprovalSort, cursor: string): Position {
  try {
    const position = JSON.parse(decodeURIComponent(cursor)) as Position;
    if (position.length === 3 && position[0] === sort) return position;
  } catch {
    // Falls through: text that is not a cursor is refused like a cursor of another list.
  }
  throw invalidRequest([{ pointer: "/cursor", message: `is not one that a list sorted by ${sort} gave` }]);
}

function isStale({ status, createdAt }: Approval, stale: string, now = Date.now()): boolean {
  return status === "pending" && Date.parse(createdAt) + durationMs(stale) <= now;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function words(q: string): string[] {
  return q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

function searchText({ title, message = "", action }: Approval): string {
  return `${title}\n${message}\n${action?.name ?? ""}`.toLowerCase();
}
