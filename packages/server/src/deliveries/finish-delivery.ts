import { type Approval, applyDelivery, type DeliveryState, type Json } from "@holdpoint/core";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { type DeliveryRow, endExpiry, expireLane, isEndNotice } from "./deliveries-table.ts";
import { parked } from "./queue-notifications.ts";

/** How an attempt ended: with what is to be recorded. */
export type AttemptEnd =
  | { type: "delivered"; ref?: Json }
  /** There was nothing left to tell, and nothing was sent. */
  | { type: "dropped" }
  | { type: "parked"; error: string; untried?: true }
  | { type: "again"; error: string; dueAt: string }
  /** Cut short by a sender that stops; any sender with room may try it now. */
  | { type: "released"; untried?: true };

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
  const columns = columnsAfter(ctx, tx, row, end, { now, dueAt });
  const { numUpdatedRows } = await held.set({ ...columns, in_flight: 0 }).executeTakeFirst();
  if (numUpdatedRows !== 1n) return;
  for (const approval of approvals) {
    if (state) await transition(ctx, tx, approval, applyDelivery(approval, state, now));
  }
  // Told again while it is kept, an end goes where people were asked: that is kept as long.
  if (isEndNotice(row) && typeof columns.expires_at === "string") await expireLane(tx, row.lane, columns.expires_at);
  await moveLane(tx, row, dueAt);
}

function stateAfter({ type }: AttemptEnd): DeliveryState | undefined {
  if (type === "delivered") return "delivered";
  return type === "parked" ? "failed" : undefined;
}

function columnsAfter(
  ctx: Context,
  tx: Transaction,
  row: DeliveryRow,
  end: AttemptEnd,
  { now, dueAt }: { now: string; dueAt: string },
) {
  const attempts = Number(row.attempts) - (isUntried(end) ? 1 : 0);
  const asked = isAsked(row, attempts);
  const expires_at = asked ? endExpiry(tx, row.lane) : keptUntil(ctx);
  switch (end.type) {
    case "delivered": {
      const ref = end.ref === undefined ? null : JSON.stringify(end.ref);
      return { status: "delivered", ref, error: null, due_at: null, finished_at: now, expires_at } as const;
    }
    case "dropped":
      return { status: "dropped", attempts, due_at: null, finished_at: now, expires_at } as const;
    case "parked":
      return { ...parked(ctx, end.error), attempts, ...(asked && { expires_at }) };
    case "again":
      return { error: end.error, due_at: dueAt };
    case "released": {
      // What was cut short may have reached people, and takes no attempt from the schedule.
      const cutShort = isUntried(end) ? 0 : 1;
      const earlier = Number(row.earlier_attempts) + cutShort;
      return { attempts: attempts - cutShort, earlier_attempts: earlier, due_at: now };
    }
  }
}

/** Whether nothing was sent, although it was claimed to be. */
function isUntried(end: AttemptEnd): boolean {
  return end.type === "dropped" || ("untried" in end && end.untried === true);
}

/** Whether an ask has become pointless meanwhile: its end, which stands behind it, is to be told at once. */
function isOver(row: DeliveryRow, approvals: readonly Approval[]): boolean {
  return row.kind === "notification" && !isEndNotice(row) && approvals.some(({ status }) => status !== "pending");
}

/**
 * Whether people have been asked, or may have been: that is kept until they have been told the end, which goes where they
 * were asked.
 */
function isAsked(row: DeliveryRow, attempts: number): boolean {
  const isAsk = row.kind === "notification" && !isEndNotice(row) && row.cause !== "notice";
  return isAsk && attempts + Number(row.earlier_attempts) > 0;
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
