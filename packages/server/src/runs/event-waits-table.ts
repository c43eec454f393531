import type { AwaitedEvent, Json, Trigger } from "@holdpoint/core";
import { type Kysely, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { noKey } from "./event-key.ts";
import { type JoinedRow, valuesOf } from "./joined-rows.ts";
import { endedStatuses } from "./runs-table.ts";
import type { EventName } from "./sent-events-table.ts";

/** A step that waits for an event. */
export interface EventWaiter {
  runId: string;
  step: string;
}

/** Such a step with all that says whether an event is the one. */
export interface OpenEventWait extends EventWaiter {
  awaited: AwaitedEvent;
  trigger: Trigger;
}

/** Begins to wait for an event, which has `key` if one is given. */
export async function insertEventWait(
  tx: Transaction,
  { tenantId, name }: EventName,
  { runId, step }: EventWaiter,
  key: string = noKey,
): Promise<void> {
  await tx.db.insertInto("event_waits").values({ tenant_id: tenantId, name, key, run_id: runId, step }).execute();
}

/** Waiters for an event with one of these keys: up to `limit` runs, by run id, after `afterRun`. */
export async function eventWaiters(
  db: Kysely<Tables>,
  { tenantId, name }: EventName,
  keys: readonly string[],
  { afterRun, limit }: { afterRun: string; limit: number },
): Promise<EventWaiter[]> {
  const runs = db
    .selectFrom("event_waits")
    .select("run_id")
    .distinct()
    .where("tenant_id", "=", tenantId)
    .where("name", "=", name)
    .where("key", "in", keys)
    .where("run_id", ">", afterRun)
    .orderBy("run_id")
    .limit(limit);
  const rows = await db
    .selectFrom("event_waits")
    .select(["run_id", "step"])
    .where("tenant_id", "=", tenantId)
    .where("name", "=", name)
    .where("key", "in", keys)
    .where("run_id", "in", db.selectFrom(runs.as("some")).select("run_id"))
    .orderBy("run_id")
    .execute();
  return rows.map(({ run_id, step }) => ({ runId: run_id, step }));
}

/** Of these waiters, those still waiting. Locks their runs, so none can stop waiting before the transaction ends. */
export async function lockEventWaits(tx: Transaction, waiters: readonly EventWaiter[]): Promise<OpenEventWait[]> {
  const runIds = [...new Set(waiters.map(({ runId }) => runId))];
  if (tx.engine === "postgres") {
    await tx.db.selectFrom("runs").select("id").where("id", "in", runIds).orderBy("id").forUpdate().execute();
  }
  const rows = await tx.db
    .selectFrom("steps")
    .innerJoin("runs", "runs.id", "steps.run_id")
    .select(["steps.run_id", "steps.name", "steps.event", "runs.workflow", "runs.input"])
    .where("steps.run_id", "in", runIds)
    .where("steps.event", "is not", null)
    .where("steps.status", "=", "waiting")
    .where("steps.settled", "is", null)
    .where("runs.status", "not in", endedStatuses)
    .orderBy("steps.run_id")
    .orderBy("steps.position")
    .execute();
  const asked = new Set(waiters.map(({ runId, step }) => `${runId} ${step}`));
  return rows
    .filter(({ run_id, name }) => asked.has(`${run_id} ${name}`))
    .map(({ run_id, name, event, workflow, input }) => ({
      runId: run_id,
      step: name,
      awaited: JSON.parse(event ?? "") as AwaitedEvent,
      trigger: { id: run_id, name: workflow, data: JSON.parse(input) as Json },
    }));
}

/** Ends the waits of some steps of a run. */
export async function endEventWaits(tx: Transaction, runId: string, steps: readonly string[]): Promise<void> {
  if (steps.length === 0) return;
  await tx.db.deleteFrom("event_waits").where("run_id", "=", runId).where("step", "in", steps).execute();
}

/** Ends all waits of these runs. */
export async function endAllEventWaits(tx: Transaction, runIds: readonly string[]): Promise<void> {
  if (runIds.length > 0) await tx.db.deleteFrom("event_waits").where("run_id", "in", runIds).execute();
}

/** Ends these waits, of any runs. */
export async function endAnsweredWaits(tx: Transaction, waits: readonly EventWaiter[]): Promise<void> {
  await deleteWaits(tx.db, { rows: waits.map(({ runId, step }) => [runId, step]) });
}

const deleteWaits = prepared((db, { rows }: { rows: JoinedRow[] }) =>
  db.deleteFrom("event_waits").where(sql<boolean>`(run_id, step) in (values ${valuesOf(rows)})`),
);
