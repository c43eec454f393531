import { type Kysely, sql } from "kysely";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { DeliveryRow } from "./deliveries-table.ts";
import { type Share, shareKey } from "./in-flight.ts";

/** Rows looked at by one claim. */
const batch = 100;

/** For what a sender has room. */
export interface ClaimLimits {
  /** ISO 8601. */
  now: string;
  /** When others may take over what is claimed now. */
  leaseUntil: string;
  /** Deliveries that there may be in flight in all besides those that there are. */
  totalRoom: number;
  /** Deliveries that a tenant may have in flight by a channel besides those it has. */
  room(share: Share): number;
  /** Where there is no room. */
  full: readonly Share[];
}

/** Whether anything is due. */
export async function anyDue(db: Kysely<Tables>, now: string): Promise<boolean> {
  const query = db.selectFrom("deliveries").select("id").where("due_at", "is not", null).where("due_at", "<=", now);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** When the next delivery after `after` is due, and when the next one can be removed. */
export async function nextDeliveryTimes(
  db: Kysely<Tables>,
  after: string,
): Promise<{ dueAt?: string; expiresAt?: string }> {
  const due = db.selectFrom("deliveries").select("due_at").where("due_at", "is not", null).where("due_at", ">", after);
  const expiring = db.selectFrom("deliveries").select("expires_at").where("expires_at", "is not", null);
  const [first, oldest] = await Promise.all([
    due.orderBy("due_at").limit(1).executeTakeFirst(),
    expiring.orderBy("expires_at").limit(1).executeTakeFirst(),
  ]);
  return { dueAt: first?.due_at ?? undefined, expiresAt: oldest?.expires_at ?? undefined };
}

/**
 * Claims what is due, of each lane the first only. What stands behind another one in its lane waits until that is
 * finished, which brings it forward.
 *
 * @returns what was claimed, and whether more may be due
 */
export async function claimDeliveries(
  tx: Transaction,
  limits: ClaimLimits,
): Promise<{ claimed: DeliveryRow[]; more: boolean }> {
  const { now, leaseUntil, full } = limits;
  const due = await tx.db
    .selectFrom("deliveries")
    .select(["id", "lane", "tenant_id", "channel"])
    .where("due_at", "is not", null)
    .where("due_at", "<=", now)
    .$if(full.length > 0, (query) => query.where(({ not }) => not(among(full))))
    .orderBy("due_at")
    .orderBy("id")
    .limit(batch)
    .$if(tx.engine === "postgres", (query) => query.forUpdate().skipLocked())
    .execute();
  if (due.length === 0) return { claimed: [], more: false };
  const heads = await headsOf(tx.db, [...new Set(due.map(({ lane }) => lane))]);
  const blocked = due.filter(({ id, lane }) => heads.get(lane) !== id).map(({ id }) => id);
  const taken = withinRoom(
    due.filter(({ id, lane }) => heads.get(lane) === id),
    limits,
  );
  if (blocked.length > 0) {
    await tx.db.updateTable("deliveries").set({ due_at: leaseUntil }).where("id", "in", blocked).execute();
  }
  return { claimed: await take(tx, taken, leaseUntil), more: due.length === batch };
}

/** Whether a delivery is of one of some shares; a list, which takes as many as there are tenants. */
function among(shares: readonly Share[]) {
  const values = shares.map(({ tenant_id, channel }) => sql`(${tenant_id}, ${channel})`);
  return sql<boolean>`(tenant_id, channel) in (values ${sql.join(values)})`;
}

async function take(tx: Transaction, ids: readonly string[], leaseUntil: string): Promise<DeliveryRow[]> {
  if (ids.length === 0) return [];
  return tx.db
    .updateTable("deliveries")
    .set({ claim: sql<number>`claim + 1`, attempts: sql<number>`attempts + 1`, in_flight: 1, due_at: leaseUntil })
    .where("id", "in", ids)
    .where("status", "=", "pending")
    .returningAll()
    .execute();
}

/** The first delivery of each lane that isn't finished. */
async function headsOf(db: Kysely<Tables>, lanes: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("deliveries")
    .select(["id", "lane"])
    .where("lane", "in", lanes)
    .where("status", "=", "pending")
    .orderBy("position", "desc")
    .orderBy("id", "desc")
    .execute();
  return new Map(rows.map(({ id, lane }) => [lane, id]));
}

function withinRoom(due: readonly (Share & Pick<DeliveryRow, "id">)[], { room, totalRoom }: ClaimLimits): string[] {
  const left = new Map<string, number>();
  const fitting = due.flatMap(({ id, ...share }) => {
    const key = shareKey(share);
    const free = left.get(key) ?? room(share);
    left.set(key, free - 1);
    return free > 0 ? id : [];
  });
  return fitting.slice(0, totalRoom);
}
