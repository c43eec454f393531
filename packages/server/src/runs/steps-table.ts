import type { ErrorRecord, Json, StepKind } from "@holdpoint/core";
import { type Kysely, type Selectable, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { StepsTable } from "../store/run-tables.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type JoinedRow, joinedRows } from "./joined-rows.ts";
import { type StepRecord, toStepRecord, toStepRow } from "./step-record.ts";

/** A step and the run it belongs to. */
export interface StepOfRun {
  runId: string;
  step: StepRecord;
}

/**
 * Adds steps, or changes those that have not settled; what has settled stays as it is. That a step runs changes nothing
 * where more is known of the same attempt, or where the run has let go of the step.
 */
export async function saveSteps(tx: Transaction, steps: readonly StepOfRun[]): Promise<void> {
  if (steps.length === 0) return;
  await upsertSteps(tx.db, { rows: steps.map(({ runId, step }) => toStepRow(runId, step)) });
}

const upsertSteps = prepared((db, { rows }: { rows: Selectable<StepsTable>[] }) =>
  db
    .insertInto("steps")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["run_id", "name"])
        .doUpdateSet((row) => ({
          status: row.ref("excluded.status"),
          output: row.ref("excluded.output"),
          error: row.ref("excluded.error"),
          attempts: row.ref("excluded.attempts"),
          approval_id: row.ref("excluded.approval_id"),
          wake_at: row.ref("excluded.wake_at"),
          finished_at: row.ref("excluded.finished_at"),
          settled: row.ref("excluded.settled"),
          turn: row.ref("excluded.turn"),
          event: row.ref("excluded.event"),
          event_seq: row.ref("excluded.event_seq"),
          child_run_id: row.ref("excluded.child_run_id"),
        }))
        .where("steps.settled", "is", null)
        // Such a note isn't waited for, and may come after what became of the attempt.
        .where(({ and, eb, not, or, ref }) =>
          or([
            not(eb("excluded.status", "=", "running")),
            and([not(eb("steps.status", "=", "cancelled")), eb("excluded.attempts", ">", ref("steps.attempts"))]),
          ]),
        ),
    ),
);

/** A wait that ends by time. */
export interface TimedWait {
  name: string;
  kind: StepKind;
}

/** The waits of a run whose time is up, longest overdue first. */
export async function waitsOver(tx: Transaction, runId: string, now: string): Promise<TimedWait[]> {
  const rows = await tx.db
    .selectFrom("steps")
    .select(["name", "kind"])
    .where("run_id", "=", runId)
    .where("kind", "in", ["sleep", "event", "invoke"])
    .where("status", "=", "waiting")
    .where("wake_at", "<=", now)
    .orderBy("wake_at")
    .orderBy("position")
    .execute();
  return rows.map(({ name, kind }) => ({ name, kind: kind as StepKind }));
}

/** What a wait ended with. */
export interface WaitResult {
  output?: Json;
  /** When there is one, it failed. */
  error?: ErrorRecord;
  settled: number;
  now: string;
}

/** Ends a wait. */
export async function settleWait(
  tx: Transaction,
  wait: { runId: string; name: string },
  { output, error, settled, now }: WaitResult,
): Promise<void> {
  await tx.db
    .updateTable("steps")
    .set({
      status: error ? "failed" : "completed",
      settled,
      finished_at: now,
      ...(error && { error: JSON.stringify(error) }),
      ...(output !== undefined && { output: JSON.stringify(output) }),
    })
    .where("run_id", "=", wait.runId)
    .where("name", "=", wait.name)
    .execute();
}

/** A wait that an event ends, and its place in the order of its run. */
export interface AnsweredWait {
  runId: string;
  step: string;
  settled: number;
}

/** Ends waits of any runs with one event. */
export async function answerWaits(
  tx: Transaction,
  waits: readonly AnsweredWait[],
  { output, now, eventSeq }: { output: Json; now: string; eventSeq: number },
): Promise<void> {
  const rows = waits.map(({ runId, step, settled }) => [runId, step, settled]);
  await completeWaits(tx.db, { rows, output: JSON.stringify(output), now, eventSeq });
}

const completeWaits = prepared(
  (db, { rows, output, now, eventSeq }: { rows: JoinedRow[]; output: string; now: string; eventSeq: number }) =>
    db
      .updateTable("steps")
      .from(joinedRows(rows))
      .set({
        status: "completed",
        output,
        settled: sql<number>`cast(joined.column3 as bigint)`,
        finished_at: now,
        event_seq: eventSeq,
      })
      .where(sql<boolean>`steps.run_id = joined.column1 and steps.name = joined.column2`),
);

/** The events that waits of a run have had, by their places in the log; without those that only `except` had. */
export async function eventsHad(tx: Transaction, runId: string, except: readonly string[]): Promise<number[]> {
  const rows = await tx.db
    .selectFrom("steps")
    .select("event_seq")
    .where("run_id", "=", runId)
    .where("event_seq", "is not", null)
    .$if(except.length > 0, (query) => query.where("name", "not in", except))
    .execute();
  return rows.map(({ event_seq }) => Number(event_seq));
}

/** Those of these waits that have had an event. */
export async function answeredWaits(tx: Transaction, runId: string, names: readonly string[]): Promise<StepRecord[]> {
  if (names.length === 0) return [];
  const rows = await tx.db
    .selectFrom("steps")
    .selectAll()
    .where("run_id", "=", runId)
    .where("name", "in", names)
    .where("event_seq", "is not", null)
    .execute();
  return rows.map(toStepRecord);
}

/** Has waits that an event has ended wait again. */
export async function reopenWaits(tx: Transaction, runId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.db
    .updateTable("steps")
    .set({ status: "waiting", output: null, event_seq: null, settled: null, finished_at: null })
    .where("run_id", "=", runId)
    .where("name", "in", names)
    .execute();
}

/** Invocations whose time is up, by the runs that they started. */
export async function childrenOverdue(db: Kysely<Tables>, runId: string, now: string): Promise<string[]> {
  const rows = await db
    .selectFrom("steps")
    .select("child_run_id")
    .where("run_id", "=", runId)
    .where("kind", "=", "invoke")
    .where("status", "=", "waiting")
    .where("wake_at", "<=", now)
    .execute();
  return rows.flatMap((row) => row.child_run_id ?? []);
}

/** Has waits that are withdrawn give back the events that they were given: other waits of the run may have them. */
export async function giveEventsBack(tx: Transaction, runId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.db
    .updateTable("steps")
    .set({ event_seq: null })
    .where("run_id", "=", runId)
    .where("name", "in", names)
    .where("event_seq", "is not", null)
    .execute();
}

/** When the next wait or retry of a run is due after `now`. */
export async function nextWake(tx: Transaction, runId: string, now: string): Promise<string | null> {
  const row = await tx.db
    .selectFrom("steps")
    .select((row) => row.fn.min("wake_at").as("wake_at"))
    .where("run_id", "=", runId)
    .where("status", "=", "waiting")
    .where("wake_at", ">", now)
    .executeTakeFirst();
  return row?.wake_at ?? null;
}

/** Ids of the approvals that runs still wait for, in a fixed order so that lockers don't cross. */
export async function openApprovals(db: Kysely<Tables>, runIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("steps")
    .select("approval_id")
    .where("run_id", "in", runIds)
    .where("status", "=", "waiting")
    .where("approval_id", "is not", null)
    .orderBy("approval_id")
    .execute();
  return rows.flatMap((row) => row.approval_id ?? []);
}

/** The steps of several runs, each in the order they were reached. */
export async function stepsOf(db: Kysely<Tables>, runIds: readonly string[]): Promise<Map<string, StepRecord[]>> {
  const { rows } = await rowsOfRuns(db, { runIds });
  const steps = new Map<string, StepRecord[]>(runIds.map((id) => [id, []]));
  for (const row of rows) steps.get(row.run_id)?.push(toStepRecord(row));
  return steps;
}

const rowsOfRuns = prepared((db, { runIds }: { runIds: readonly string[] }) =>
  db.selectFrom("steps").selectAll().where("run_id", "in", runIds).orderBy("position"),
);

/** The steps of a run that settled after the `settled`th. */
export async function settledAfter(db: Kysely<Tables>, runId: string, settled: number): Promise<StepRecord[]> {
  const { rows } = await rowsSettledAfter(db, { runId, settled });
  return rows.map(toStepRecord);
}

const rowsSettledAfter = prepared((db, { runId, settled }: { runId: string; settled: number }) =>
  db.selectFrom("steps").selectAll().where("run_id", "=", runId).where("settled", ">", settled).orderBy("settled"),
);
