import type { Insertable, Selectable } from "kysely";
import type { DeliveriesTable } from "../store/delivery-tables.ts";
import type { Transaction } from "../store/store.ts";

/** A delivery as it is stored. */
export type DeliveryRow = Selectable<DeliveriesTable>;

/** A delivery to be queued. */
export type NewDelivery = Pick<
  DeliveryRow,
  "id" | "tenant_id" | "kind" | "cause" | "channel" | "lane" | "position" | "created_at"
> &
  Partial<Insertable<DeliveriesTable>>;

/** Queues deliveries; those that are queued already for the same cause and state of their approval are left as they are. */
export async function insertDeliveries(tx: Transaction, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.db
    .insertInto("deliveries")
    .values(deliveries.map((delivery) => ({ ...blank, due_at: delivery.created_at, ...delivery })))
    .onConflict((conflict) => conflict.columns(["lane", "position", "cause"]).doNothing())
    .execute();
}

const blank = {
  approval_id: null,
  run_id: null,
  destination: null,
  body: null,
  status: "pending",
  attempts: 0,
  claim: 0,
  error: null,
  ref: null,
  finished_at: null,
  expires_at: null,
} as const;

/** Lets the deliveries about an approval that has ended be removed in time. */
export async function expireDeliveries(
  tx: Transaction,
  { tenantId, approvalId, at }: { tenantId: string; approvalId: string; at: string },
): Promise<void> {
  await tx.db
    .updateTable("deliveries")
    .set({ expires_at: at })
    .where("tenant_id", "=", tenantId)
    .where("approval_id", "=", approvalId)
    .where("status", "in", ["delivered", "dropped"])
    .where("expires_at", "is", null)
    .execute();
}
