import type { Delivery, DeliveryQuery, Json, NotificationCause } from "@holdpoint/core";
import type { Insertable, Kysely, Selectable } from "kysely";
import type { DeliveriesTable } from "../store/delivery-tables.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";

/** A delivery as it is stored. */
export type DeliveryRow = Selectable<DeliveriesTable>;

/** A delivery to be queued. */
export type NewDelivery = Pick<
  DeliveryRow,
  "id" | "tenant_id" | "kind" | "cause" | "channel" | "lane" | "position" | "created_at"
> &
  Partial<Insertable<DeliveriesTable>>;

/** Whether it tells people how an approval ended: the last that they are told of it. */
export function isEndNotice({ kind, cause }: DeliveryRow): boolean {
  return kind === "notification" && cause === "resolved";
}

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
  earlier_attempts: 0,
  claim: 0,
  in_flight: 0,
  error: null,
  ref: null,
  finished_at: null,
  expires_at: null,
} as const;

/** Brings forward what waits in several lanes, but for what is being tried. */
export async function hastenLanes(tx: Transaction, lanes: readonly string[], dueAt: string): Promise<void> {
  if (lanes.length === 0) return;
  await tx.db
    .updateTable("deliveries")
    .set({ due_at: dueAt })
    .where("lane", "in", lanes)
    .where("status", "=", "pending")
    .where("in_flight", "=", 0)
    .execute();
}

/** Lets the notifications of an approval that has ended be removed in time. */
export async function expireLane(tx: Transaction, lane: string, expiresAt: string): Promise<void> {
  await tx.db
    .updateTable("deliveries")
    .set({ expires_at: expiresAt })
    .where("lane", "=", lane)
    .where("status", "<>", "pending")
    .where("expires_at", "is", null)
    .execute();
}

/** Until when the end that a lane tells is kept, to be set by an update; null while it is still to be told. */
export function endExpiry({ db }: Transaction, lane: string) {
  return db
    .selectFrom("deliveries as end")
    .select(({ fn }) => fn.max("end.expires_at").as("expires_at"))
    .where("end.lane", "=", lane)
    .where("end.kind", "=", "notification")
    .where("end.cause", "=", "resolved")
    .where("end.status", "<>", "pending");
}

/** Keeps the notifications of an approval whose end is told again until {@link expireLane}: it goes where they went. */
export async function keepLane(tx: Transaction, lane: string): Promise<void> {
  await tx.db
    .updateTable("deliveries")
    .set({ expires_at: null })
    .where("lane", "=", lane)
    .where("status", "<>", "pending")
    .execute();
}

/** What is known of one earlier delivery in a lane. */
export interface LaneEntry {
  position: number;
  /** Whether it has ever been tried. */
  tried: boolean;
  ref?: Json;
}

/** What was sent in several lanes, oldest first. */
export async function lanesOf(db: Kysely<Tables>, lanes: readonly string[]): Promise<Map<string, LaneEntry[]>> {
  const found = new Map<string, LaneEntry[]>(lanes.map((lane) => [lane, []]));
  if (lanes.length === 0) return found;
  const columns = ["lane", "position", "attempts", "earlier_attempts", "ref"] as const;
  const query = db.selectFrom("deliveries").select(columns).where("lane", "in", lanes);
  for (const { lane, ref, ...row } of await query.orderBy("position").orderBy("id").execute()) {
    const tried = Number(row.attempts) + Number(row.earlier_attempts) > 0;
    const entry: LaneEntry = { position: Number(row.position), tried };
    found.get(lane)?.push(ref === null ? entry : { ...entry, ref: JSON.parse(ref) as Json });
  }
  return found;
}

/** A tenant's deliveries, newest first, those before `beforeId`. */
export function listDeliveryRows(
  db: Kysely<Tables>,
  tenantId: string,
  { status, approvalId, channel }: DeliveryQuery,
  page: { limit: number; beforeId?: string },
): Promise<DeliveryRow[]> {
  let rows = db.selectFrom("deliveries").selectAll().where("tenant_id", "=", tenantId);
  if (status) rows = rows.where("status", "in", status);
  if (approvalId !== undefined) rows = rows.where("approval_id", "=", approvalId);
  if (channel !== undefined) rows = rows.where("channel", "=", channel);
  if (page.beforeId !== undefined) rows = rows.where("id", "<", page.beforeId);
  return rows.orderBy("id", "desc").limit(page.limit).execute();
}

/** One delivery of a tenant. */
export function findDelivery(db: Kysely<Tables>, tenantId: string, id: string): Promise<DeliveryRow | undefined> {
  const query = db.selectFrom("deliveries").selectAll().where("id", "=", id).where("tenant_id", "=", tenantId);
  return query.executeTakeFirst();
}

/** Deliveries that are open, by status and channel. */
export async function countOpenDeliveries(db: Kysely<Tables>) {
  const rows = await db
    .selectFrom("deliveries")
    .select(["status", "channel"])
    .select((row) => row.fn.countAll().as("count"))
    .where("status", "in", ["pending", "parked"])
    .groupBy(["status", "channel"])
    .execute();
  return rows.map(({ status, channel, count }) => ({ status, channel, count: Number(count) }));
}

/** The delivery as callers see it. */
export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    kind: row.kind,
    cause: row.cause as NotificationCause,
    ...(row.approval_id !== null && { approvalId: row.approval_id }),
    ...(row.run_id !== null && { runId: row.run_id }),
    channel: row.channel,
    ...(row.destination !== null && { destination: JSON.parse(row.destination) as Delivery["destination"] }),
    status: row.status,
    attempts: Number(row.attempts),
    ...(row.error !== null && { error: row.error }),
    ...(row.due_at !== null && { nextAttemptAt: row.due_at }),
    createdAt: row.created_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
  };
}

/** Removes some of what nobody needs any more; returns how many. */
export async function removeExpired(tx: Transaction, now: string, limit: number): Promise<number> {
  const expired = tx.db
    .selectFrom("deliveries")
    .select("id")
    .where("expires_at", "is not", null)
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit);
  const { numDeletedRows } = await tx.db.deleteFrom("deliveries").where("id", "in", expired).executeTakeFirst();
  return Number(numDeletedRows);
}
