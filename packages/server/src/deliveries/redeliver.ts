import { applyDelivery, type Delivery, HoldpointError, routes, type Viewer } from "@holdpoint/core";
import { sql } from "kysely";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { assertRole } from "../identity/assert-role.ts";
import { isoTime } from "../iso-time.ts";
import { lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { type DeliveryRow, findDelivery, isEndNotice, keepLane, toDelivery } from "./deliveries-table.ts";
import { approvalIdsOf, assertOfUse } from "./parcel.ts";

/**
 * Sends a finished delivery again, under the same id and with a schedule of its own; what receives it twice can tell.
 *
 * @throws {HoldpointError} `forbidden`, `not_found`; `already_resolved` while it is still to be sent, and when nobody is
 *   to be told of it any more
 */
export async function redeliver(ctx: Context, viewer: Viewer, id: string): Promise<Delivery> {
  assertRole(viewer, routes.redeliver);
  return ctx.store.write(async (tx) => {
    const row = await findDelivery(tx.db, viewer.tenantId, id);
    if (!row) throw new HoldpointError("not_found", `There is no delivery ${id}.`);
    if (row.status === "pending") throw stillToBeSent(id);
    await assertOfUse(tx, row);
    if (row.kind === "resume") await reopen(ctx, tx, row);
    if (isEndNotice(row)) await keepLane(tx, row.lane);
    const again = await queueAgain(tx, id, isoTime(ctx.clock.now()));
    if (!again) throw stillToBeSent(id);
    tx.afterCommit(() => ctx.outbox.queued());
    return toDelivery(again);
  });
}

/** Undefined when somebody else has done so meanwhile. */
function queueAgain(tx: Transaction, id: string, now: string): Promise<DeliveryRow | undefined> {
  return tx.db
    .updateTable("deliveries")
    .set({ status: "pending", attempts: 0, due_at: now, finished_at: null, expires_at: null })
    .set({ earlier_attempts: sql<number>`earlier_attempts + attempts` })
    .where("id", "=", id)
    .where("status", "<>", "pending")
    .returningAll()
    .executeTakeFirst();
}

function stillToBeSent(id: string): HoldpointError {
  return new HoldpointError("already_resolved", `Delivery ${id} is still to be sent; there is nothing to do.`);
}

async function reopen(ctx: Context, tx: Transaction, row: DeliveryRow): Promise<void> {
  const now = isoTime(ctx.clock.now());
  for (const id of approvalIdsOf(row)) {
    const approval = await lockApproval(tx, row.tenant_id, id);
    await transition(ctx, tx, approval, applyDelivery(approval, "pending", now));
  }
}
