import type { Generated } from "kysely";
import type { SentEventTables } from "./sent-event-tables.ts";

/** Tables of runs and their steps. Conventions are those of `Tables`. */
export interface RunTables extends SentEventTables {
  runs: RunsTable;
  steps: StepsTable;
}

/** One row per run: its state, who executes it, and when it is to be woken. */
export interface RunsTable {
  id: string;
  tenant_id: string;
  key: string | null;
  /** Hash of the request that carried `key`, to tell a repetition from a conflict. */
  request_hash: string | null;
  workflow: string;
  version: number;
  status: string;
  input: string;
  output: string | null;
  /** An error record as JSON. */
  error: string | null;
  /** The outcome, as JSON, of the approval that closed the run. */
  outcome: string | null;
  owner_id: string | null;
  owner_name: string | null;
  /** Steps that have come to their end so far; the number of the last one is its place in {@link StepsTable.settled}. */
  settled: number;
  /** Counts claims; every write of a worker names the claim it was made under, so that an old one comes to nothing. */
  claim: number;
  /** The worker that executes the run now. */
  worker: string | null;
  /** Until when the worker's claim holds unless renewed. */
  lease_until: string | null;
  /** How often it was taken over from a worker that was gone, since it last got any further. */
  recoveries: Generated<number>;
  /** When the next sleep ends or the next retry is due. */
  wake_at: string | null;
  created_at: string;
  updated_at: string;
  finished_at: string | null;
  /** The run that invoked this one, and at which step. */
  parent_run_id: string | null;
  parent_step: string | null;
  /** How many runs invoked one another down to this one; 0 for one that was started from outside. */
  depth: number;
}

/** One row per step that a run has reached. */
export interface StepsTable {
  run_id: string;
  /** Unique within the run. */
  name: string;
  /** Place in the order in which the run reached its steps, from 0. */
  position: number;
  kind: string;
  status: string;
  output: string | null;
  /** An error record as JSON. */
  error: string | null;
  attempts: number;
  approval_id: string | null;
  wake_at: string | null;
  started_at: string;
  finished_at: string | null;
  /** Place in the order in which the run's steps came to their end, from 1: results are replayed in this order. */
  settled: number | null;
  /**
   * The place that a step had before a retry opened it again, when others come after it: its result is replayed there. Of a
   * cancelled step the place of the last result that was replayed before the run let go of it.
   */
  turn: number | null;
  /** What a wait for an event waits for, as JSON. */
  event: string | null;
  /** The event that ended the wait: its `seq` in {@link SentEventTables}. */
  event_seq: number | null;
  child_run_id: string | null;
}
