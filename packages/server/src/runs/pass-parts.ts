import type { Random } from "../backoff.ts";
import type { Context } from "../context.ts";
import type { Rouser } from "./claims-table.ts";
import type { RunFailpoint } from "./failpoint.ts";
import type { RunningCode } from "./handler-code.ts";
import type { Listeners } from "./heard-promise.ts";
import type { OpenCalls } from "./open-calls.ts";
import type { RunHistory } from "./run-history.ts";
import type { RunJournal } from "./run-journal.ts";
import type { RunLedger } from "./run-ledger.ts";
import type { RunRow } from "./run-record.ts";
import type { StepRecord } from "./step-record.ts";
import type { Workflows } from "./workflows.ts";

/** What a pass works with. */
export interface PassServices {
  ctx: Context;
  ledger: RunLedger;
  /** Told of runs that this one starts or ends. */
  rouser: Rouser;
  workflows: Workflows;
  /** Told when the run wants to be woken, ISO 8601. */
  wakeBy: (at: string) => void;
  /** Where retries get their jitter from. */
  random: Random;
  /** Told of all code that is called. */
  running: RunningCode;
  failpoint?: RunFailpoint;
}

/** What the parts of one pass share. */
export interface PassParts {
  services: PassServices;
  run: RunRow;
  journal: RunJournal;
  history: RunHistory;
  calls: OpenCalls;
  listeners: Listeners;
  /** Takes in what has settled elsewhere. */
  refresh: () => Promise<void>;
  /** Ends the pass, because something couldn't be recorded. */
  giveUp: (error: unknown) => void;
}

/** Keeps what is known of a step that has not settled. */
export function noteStep({ services, history }: PassParts, step: StepRecord): void {
  if (step.settled !== undefined) return;
  history.note(step);
  if (step.wakeAt !== undefined) services.wakeBy(step.wakeAt);
}

/** Takes in a result, and gives it to the handler when its turn comes. */
export function settleStep({ history, calls }: PassParts, step: StepRecord): void {
  if (history.settle(step)) calls.offer(step);
}
