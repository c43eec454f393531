import type { ErrorRecord, Json, Run, RunOutcome, RunStatus } from "@holdpoint/core";
import type { Selectable } from "kysely";
import type { RunsTable } from "../store/run-tables.ts";
import { type StepRecord, toRunStep } from "./step-record.ts";

/** A run's row as read. */
export type RunRow = Selectable<RunsTable>;

/** A run with its steps, each in the order they were reached. */
export interface StoredRun {
  row: RunRow;
  steps: readonly StepRecord[];
}

/** The run as callers see it; its steps are left out of lists. */
export function toRun(row: RunRow, steps?: readonly StepRecord[]): Run {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    workflow: row.workflow,
    version: Number(row.version),
    ...(row.key !== null && { key: row.key }),
    status: row.status as RunStatus,
    input: JSON.parse(row.input) as Json,
    ...(row.output !== null && { output: JSON.parse(row.output) as Json }),
    ...(row.error !== null && { error: JSON.parse(row.error) as ErrorRecord }),
    ...(row.outcome !== null && { outcome: JSON.parse(row.outcome) as RunOutcome }),
    ...(row.owner_id !== null && { owner: ownerOf(row) }),
    ...(row.parent_run_id !== null && { parentRunId: row.parent_run_id }),
    ...(steps && { steps: steps.map(toRunStep) }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
  };
}

/** Who started the run, as stored. */
export function ownerOf(row: RunRow): Run["owner"] {
  if (row.owner_id === null) return undefined;
  return { id: row.owner_id, ...(row.owner_name !== null && { name: row.owner_name }) };
}
