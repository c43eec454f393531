import type { AwaitedEvent, ErrorRecord, Json, RunStep, StepKind } from "@holdpoint/core";
import type { Selectable } from "kysely";
import type { StepsTable } from "../store/run-tables.ts";

/** A step as the engine works with it: {@link RunStep} and its places in the run. */
export interface StepRecord extends RunStep {
  /** Place in the order in which the run reached its steps, from 0. */
  position: number;
  /** Place in the order in which results became known, from 1; absent while there is none. */
  settled?: number;
  /**
   * Place in the order in which results are given to the handler, where it isn't `settled`; of a cancelled step that of the
   * last result before the run let go of it.
   */
  turn?: number;
  /** The event that ended a wait: its place in the log. */
  eventSeq?: number;
}

/** Reads a row. Replays read thousands, hence the plain assignments. */
export function toStepRecord(row: Selectable<StepsTable>): StepRecord {
  const record: StepRecord = {
    name: row.name,
    kind: row.kind as StepKind,
    status: row.status as StepRecord["status"],
    attempts: Number(row.attempts),
    startedAt: row.started_at,
    position: Number(row.position),
  };
  if (row.output !== null) record.output = JSON.parse(row.output) as Json;
  if (row.error !== null) record.error = JSON.parse(row.error) as ErrorRecord;
  if (row.approval_id !== null) record.approvalId = row.approval_id;
  if (row.wake_at !== null) record.wakeAt = row.wake_at;
  if (row.finished_at !== null) record.finishedAt = row.finished_at;
  if (row.settled !== null) record.settled = Number(row.settled);
  if (row.turn !== null) record.turn = Number(row.turn);
  if (row.event !== null) record.event = JSON.parse(row.event) as AwaitedEvent;
  if (row.event_seq !== null) record.eventSeq = Number(row.event_seq);
  if (row.child_run_id !== null) record.childRunId = row.child_run_id;
  return record;
}

/** A wait as it was before it ended. */
export function beforeResult({ output, eventSeq, settled, finishedAt, ...wait }: StepRecord): StepRecord {
  return { ...wait, status: "waiting" };
}

/** Writes a record as a row. */
export function toStepRow(runId: string, step: StepRecord): Selectable<StepsTable> {
  return {
    run_id: runId,
    name: step.name,
    position: step.position,
    kind: step.kind,
    status: step.status,
    output: step.output === undefined ? null : JSON.stringify(step.output),
    error: step.error ? JSON.stringify(step.error) : null,
    attempts: step.attempts,
    approval_id: step.approvalId ?? null,
    wake_at: step.wakeAt ?? null,
    started_at: step.startedAt,
    finished_at: step.finishedAt ?? null,
    settled: step.settled ?? null,
    turn: step.turn ?? null,
    event: step.event ? JSON.stringify(step.event) : null,
    event_seq: step.eventSeq ?? null,
    child_run_id: step.childRunId ?? null,
  };
}

/** The step as callers see it. */
export function toRunStep({ position, settled, turn, eventSeq, ...step }: StepRecord): RunStep {
  return step;
}
