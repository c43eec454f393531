import type { Approval, Change, Counts, Gone, Subscription, Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { countApprovals } from "../store/approval-counts.ts";
import { listApprovals } from "../store/approval-list.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { LogTail } from "./log-tail.ts";
import { lostSight } from "./lost-sight.ts";
import type { LogEntry } from "./recent-log.ts";
import { streamsFor, streamsOf, viewClass } from "./streams.ts";
import { lastOfEach, type TenantTail } from "./tenant-tail.ts";

/** What a viewer asks for: the state, or what came since a cursor, at most `limit` changes of it. */
export interface SubscriptionRequest {
  cursor?: string;
  limit?: number;
}

/** Approvals in a snapshot: the first page of what is pending, newest first. */
const snapshotSize = 100;

/**
 * What a viewer needs to be up to date: the changes since their cursor, or a snapshot when there is no cursor, or one
 * that is too old, of another log, or none at all. Serves the live feed and `GET /changes`. Viewers who see the same and
 * ask while the log stands still share their reads.
 */
export async function subscribeViewer(
  ctx: Pick<Context, "store" | "clock">,
  log: LogTail,
  viewer: Viewer,
  { cursor, limit = Number.POSITIVE_INFINITY }: SubscriptionRequest,
): Promise<Subscription> {
  const tail = await log.follow(viewer.tenantId);
  const place = cursor === undefined ? undefined : decodeCursor(cursor);
  const missed = place && tail.recent.since(place);
  const { head } = tail;
  if (missed === undefined) return { ...headOf(ctx, viewer, head), ...(await snapshotOf(ctx, tail, viewer)) };
  const taken = missed.slice(0, limit);
  const reached = taken.at(-1) ?? head;
  const [news, counts] = await Promise.all([changesIn(tail, taken, viewer), countsOf(ctx, tail, viewer)]);
  return {
    ...headOf(ctx, viewer, reached),
    ...news,
    counts,
    ...(taken.length < missed.length && { more: true }),
  };
}

function headOf(ctx: Pick<Context, "clock">, viewer: Viewer, place: { seq: number; hash: string }) {
  return {
    viewer,
    cursor: encodeCursor(place),
    streams: Object.fromEntries(streamsOf(viewer).map((stream) => [stream, place.seq])),
    now: new Date(ctx.clock.now()).toISOString(),
  };
}

async function snapshotOf(ctx: Pick<Context, "store" | "clock">, tail: TenantTail, viewer: Viewer) {
  const [{ items, nextCursor }, counts] = await Promise.all([
    tail.reads.get(`pending ${viewClass(viewer)}`, () =>
      listApprovals(ctx.store.reader, viewer, { status: ["pending"], limit: snapshotSize }),
    ),
    countsOf(ctx, tail, viewer),
  ]);
  return { snapshot: { approvals: items, counts, ...(nextCursor !== undefined && { nextCursor }) } };
}

function countsOf(ctx: Pick<Context, "store">, tail: TenantTail, viewer: Viewer): Promise<Counts> {
  return tail.reads.get(`counts ${viewClass(viewer)}`, () => countApprovals(ctx.store.reader, viewer));
}

async function changesIn(
  tail: TenantTail,
  entries: readonly LogEntry[],
  viewer: Viewer,
): Promise<{ changes: Change[]; gone?: Gone[] }> {
  const last = lastOfEach(entries);
  const streams = new Set(streamsOf(viewer));
  const isSeen = (approval: Approval) => streamsFor(approval).some((stream) => streams.has(stream));
  const approvals = await tail.approvals([...last.keys()]);
  const changes = approvals.filter(isSeen).flatMap((approval) => {
    const entry = last.get(approval.id);
    return entry ? [{ seq: entry.seq, type: entry.type, approval }] : [];
  });
  const unseen = new Map(approvals.flatMap((approval) => (isSeen(approval) ? [] : [[approval.id, approval] as const])));
  const lost = lostSight(entries, unseen).filter((one) => one.streams.some((stream) => streams.has(stream)));
  return lost.length > 0 ? { changes, gone: lost.map(({ gone }) => gone) } : { changes };
}
