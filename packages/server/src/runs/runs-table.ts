import { type Insertable, type Kysely, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { RunsTable } from "../store/run-tables.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type Claimant, goingOn } from "./claims-table.ts";
import type { RunRow } from "./run-record.ts";

/** Statuses that a run never leaves by itself. */
export const endedStatuses = ["completed", "failed", "rejected", "timed_out", "cancelled"];

/** Adds a run; undefined when another one with the same `key` came first. */
export async function insertRun(tx: Transaction, row: Insertable<RunsTable>): Promise<RunRow | undefined> {
  const { rows } = await insertRow(tx.db, { row });
  return rows[0];
}

const insertRow = prepared((db, { row }: { row: Insertable<RunsTable> }) =>
  db
    .insertInto("runs")
    .values(row)
    .onConflict((conflict) => conflict.columns(["tenant_id", "key"]).where("key", "is not", null).doNothing())
    .returningAll(),
);

/** The run that was started with a key. */
export async function findRunByKey(db: Kysely<Tables>, tenantId: string, key: string): Promise<RunRow | undefined> {
  return db.selectFrom("runs").selectAll().where("tenant_id", "=", tenantId).where("key", "=", key).executeTakeFirst();
}

/** One run of a tenant. */
export async function findRun(db: Kysely<Tables>, tenantId: string, id: string): Promise<RunRow | undefined> {
  return db.selectFrom("runs").selectAll().where("id", "=", id).where("tenant_id", "=", tenantId).executeTakeFirst();
}

/** The same, locked. */
export async function lockRun(tx: Transaction, tenantId: string, id: string): Promise<RunRow | undefined> {
  const query = tx.db.selectFrom("runs").selectAll().where("id", "=", id).where("tenant_id", "=", tenantId);
  return (tx.engine === "postgres" ? query.forUpdate() : query).executeTakeFirst();
}

/** Runs of whichever tenants, by id. */
export async function runsById(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, RunRow>> {
  const { rows } = await rowsById(db, { ids });
  return new Map(rows.map((row) => [row.id, row]));
}

const rowsById = prepared((db, { ids }: { ids: readonly string[] }) =>
  db.selectFrom("runs").selectAll().where("id", "in", ids),
);

/** Those of several runs that have ended. */
export async function endedAmong(db: Kysely<Tables>, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("runs")
    .select("id")
    .where("id", "in", ids)
    .where("status", "in", endedStatuses)
    .execute();
  return rows.map((row) => row.id);
}

/** Ends a run from outside, whoever executes it. Undefined when it has ended already. */
export async function endRun(
  tx: Transaction,
  id: string,
  status: "cancelled",
  now: string,
): Promise<RunRow | undefined> {
  return tx.db
    .updateTable("runs")
    .set({ status, worker: null, lease_until: null, wake_at: null, updated_at: now, finished_at: now })
    .where("id", "=", id)
    .where("status", "not in", endedStatuses)
    .returningAll()
    .executeTakeFirst();
}

/** Cancels those of several runs that haven't ended; their ids. */
export async function endRuns(tx: Transaction, runs: readonly Pick<RunRow, "id">[], now: string): Promise<string[]> {
  const ended = await tx.db
    .updateTable("runs")
    .set({ status: "cancelled", worker: null, lease_until: null, wake_at: null, updated_at: now, finished_at: now })
    .where(
      "id",
      "in",
      runs.map(({ id }) => id),
    )
    .where("status", "not in", endedStatuses)
    .returning("id")
    .execute();
  return ended.map(({ id }) => id).sort();
}

/** The runs that others have invoked and that have not ended. */
export async function openChildren(db: Kysely<Tables>, parentIds: readonly string[]): Promise<RunRow[]> {
  return db
    .selectFrom("runs")
    .selectAll()
    .where("parent_run_id", "in", parentIds)
    .where("status", "not in", endedStatuses)
    .orderBy("id")
    .execute();
}

/** Sets a failed run going; undefined when it isn't failed. Its steps are to be reopened before. */
export async function reviveRun(
  tx: Transaction,
  id: string,
  { claimant, now }: { claimant: Claimant | undefined; now: string },
): Promise<RunRow | undefined> {
  const on = goingOn(claimant);
  return tx.db
    .updateTable("runs")
    .set((run) => ({
      ...on,
      claim: run("claim", "+", on.claim),
      // What is reopened has no place any more: the count goes back to the last one that is left.
      settled: run
        .selectFrom("steps")
        .select((step) => step.fn.coalesce(step.fn.max("steps.settled"), sql<number>`0`).as("settled"))
        .whereRef("steps.run_id", "=", "runs.id"),
      wake_at: run
        .selectFrom("steps")
        .select((step) => step.fn.min("steps.wake_at").as("wake_at"))
        .whereRef("steps.run_id", "=", "runs.id")
        .where("steps.status", "=", "waiting"),
      recoveries: 0,
      error: null,
      finished_at: null,
      updated_at: now,
    }))
    .where("id", "=", id)
    .where("status", "=", "failed")
    .returningAll()
    .executeTakeFirst();
}

/** Ids of runs that wanted to be woken by `now`, the longest overdue first. */
export async function dueRuns(db: Kysely<Tables>, worker: string, now: string, limit: number): Promise<string[]> {
  const rows = await wakeable(db, worker).select("id").where("wake_at", "<=", now).limit(limit).execute();
  return rows.map(({ id }) => id);
}

/** When the next run wants to be woken. */
export async function nextWakeAt(db: Kysely<Tables>, worker: string): Promise<string | undefined> {
  const row = await wakeable(db, worker).select("wake_at").limit(1).executeTakeFirst();
  return row?.wake_at ?? undefined;
}

/** Locks a run if it still wants to be woken by `now`. */
export async function lockDueRun(tx: Transaction, id: string, now: string): Promise<boolean> {
  const query = tx.db.selectFrom("runs").select("id").where("id", "=", id).where("wake_at", "<=", now);
  return (await (tx.engine === "postgres" ? query.forUpdate() : query).executeTakeFirst()) !== undefined;
}

/** Runs that want to be woken, soonest first; runs held by another worker are left to it. */
function wakeable(db: Kysely<Tables>, worker: string) {
  return db
    .selectFrom("runs")
    .where("wake_at", "is not", null)
    .where((run) => run.or([run("worker", "is", null), run("worker", "=", worker)]))
    .orderBy("wake_at");
}
