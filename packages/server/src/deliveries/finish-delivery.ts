import { type Approval, applyDelivery, type DeliveryState, type Json } from "@holdpoint/core";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { type DeliveryRow, expireLane, isEndNotice } from "./deliveries-table.ts";
import { parked } from "./queue-notifications.ts";

/** How an attempt ended: with what is to be recorded. */
export type AttemptEnd =
  | { type: "delivered"; ref?: Json }
  /** There was nothing left to tell, and nothing was sent. */
  | { type: "dropped" }
  | { type: "parked"; error: string }
  | { type: "again"; error: string; dueAt: string }
  /** Not tried after all; any sender with room may try it now. */
  | { type: "released" };

/**
 * Records how an attempt ended, on the approvals that it was for too, and brings forward what stands behind it. Only what
 * was delivered is recorded also by a sender that has lost its lease meanwhile.
 */
export async function finishDelivery(
  ctx: Context,
  tx: Transaction,
  row: DeliveryRow,
  end: AttemptEnd,
  approvalIds: readonly string[],
): Promise<void> {
  const now = isoTime(ctx.clock.now());
  const state = row.kind === "resume" ? stateAfter(end) : undefined;
  const approvals: Approval[] = [];
  if (state || end.type === "again") {
    for (const id of approvalIds) approvals.push(await lockApproval(tx, row.tenant_id, id));
  }
  const dueAt = end.type === "again" && !isOver(row, approvals) ? end.dueAt : now;
  const query = tx.db.updateTable("deliveries").where("id", "=", row.id).where("status", "=", "pending");
  const held = end.type === "delivered" ? query : query.where("claim", "=", row.claim);
  const columns = columnsAfter(ctx, row, end, { now, dueAt });
  const { numUpdatedRows } = await held.set({ ...columns, in_flight: 0 }).executeTakeFirst();
  if (numUpdatedRows !== 1n) return;
  for (const approval of approvals) {
    if (state) await transition(ctx, tx, approval, applyDelivery(approval, state, now));
  }
  // Told again while it is kept, an end goes where people were asked: that is kept as long.
  if (isEndNotice(row) && columns.expires_at) await expireLane(tx, row.lane, columns.expires_at);
  await moveLane(tx, row, dueAt);
}

function stateAfter({ type }: AttemptEnd): DeliveryState | undefined {
  if (type === "delivered") return "delivered";
  return type === "parked" ? "failed" : undefined;
}

function columnsAfter(ctx: Context, row: DeliveryRow, end: AttemptEnd, { now, dueAt }: { now: string; dueAt: string }) {
  switch (end.type) {
    case "delivered": {
      const ref = end.ref === undefined ? null : JSON.stringify(end.ref);
      return {
        status: "delivered",
        ref,
        error: null,
        due_at: null,
        finished_at: now,
        expires_at: expiry(ctx, row),
      } as const;
    }
    case "dropped": {
      const attempts = Number(row.attempts) - 1;
      return { status: "dropped", attempts, due_at: null, finished_at: now, expires_at: keptUntil(ctx) } as const;
    }
    case "parked":
      return parked(ctx, end.error);
    case "again":
      return { error: end.error, due_at: dueAt };
    case "released":
      return { attempts: Number(row.attempts) - 1, due_at: now };
  }
}

/** Whether an ask has become pointless meanwhile: its end, which stands behind it, is to be told at once. */
function isOver(row: DeliveryRow, approvals: readonly Approval[]): boolean {
  return row.kind === "notification" && !isEndNotice(row) && approvals.some(({ status }) => status !== "pending");
}

/** What people were asked is kept until the approval ends: its end goes where they were asked. */
function expiry(ctx: Context, row: DeliveryRow): string | null {
  return row.kind === "resume" || isEndNotice(row) || row.cause === "notice" ? keptUntil(ctx) : null;
}

function keptUntil({ clock, outbox }: Context): string {
  return isoTime(clock.now() + outbox.retention.deliveredMs);
}

/** Brings forward, or puts off, what stands behind a delivery in its lane; what is being tried there keeps its lease. */
async function moveLane(tx: Transaction, { id, lane }: DeliveryRow, dueAt: string): Promise<void> {
  await tx.db
    .updateTable("deliveries")
    .set({ due_at: dueAt })
    .where("lane", "=", lane)
    .where("status", "=", "pending")
    .where("in_flight", "=", 0)
    .where("id", "<>", id)
    .execute();
}
