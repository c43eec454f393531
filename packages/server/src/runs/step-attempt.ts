import {
  durationMs,
  type ErrorRecord,
  type Json,
  NonRetriableError,
  type StepContext,
  type StepOptions,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { errorRecord } from "./error-record.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { jsonText } from "./json-text.ts";
import type { RunJournal } from "./run-journal.ts";
import type { RunRow } from "./run-record.ts";
import type { StepRecord } from "./step-record.ts";

/** A step's function and how it behaves when it throws. */
export interface StepCall {
  name: string;
  fn: (step: StepContext) => unknown;
  options: StepOptions;
}

/** One attempt at a step. */
export interface StepAttempt {
  run: RunRow;
  /** The step's record, which counts this attempt already. */
  record: StepRecord;
  step: StepCall;
  signal: AbortSignal;
  failpoint?: RunFailpoint;
}

/** How one call of a step's function ended. */
type Ending =
  | { status: "completed"; output?: Json }
  | { status: "failed"; error: ErrorRecord }
  | { status: "waiting"; error: ErrorRecord; retryInMs: number };

/** A step that takes longer than this, in ms, shows as running; most don't, and cost no write for it. */
const noteAfterMs = 250;

const longestBackoffMs = 3_600_000;

/**
 * Calls the function of a step once and records how that went. An attempt that was told to stop and did is not recorded:
 * it will be made again.
 */
export async function attemptStep(ctx: Context, journal: RunJournal, attempt: StepAttempt): Promise<StepRecord> {
  const { run, record, step, signal, failpoint } = attempt;
  const stopNote = ctx.clock.after(noteAfterMs, () => void journal.note(record).catch(() => undefined));
  const idempotencyKey = `${run.id}:${record.name}`;
  const ending = await callStep(step, { idempotencyKey, attempt: record.attempts, signal });
  stopNote();
  await failpoint?.("mid-step");
  if (signal.aborted && ending.status !== "completed") return record;
  const now = ctx.clock.now();
  const cleared = { ...record, error: undefined };
  if (ending.status !== "waiting") return journal.settle({ ...cleared, ...ending, finishedAt: isoTime(now) });
  const { retryInMs, ...retry } = ending;
  const waiting: StepRecord = { ...record, ...retry, wakeAt: isoTime(now + retryInMs) };
  await journal.note(waiting);
  return waiting;
}

/** Never throws. */
async function callStep(step: StepCall, context: StepContext): Promise<Ending> {
  let output: unknown;
  try {
    output = await step.fn(context);
  } catch (thrown) {
    return afterThrow(step, context.attempt, thrown);
  }
  try {
    const text = jsonText(output, `Step "${step.name}"`);
    return { status: "completed", ...(text !== undefined && { output: JSON.parse(text) as Json }) };
  } catch (error) {
    return { status: "failed", error: errorRecord(error) };
  }
}

function afterThrow({ options }: StepCall, attempt: number, thrown: unknown): Ending {
  const { retries = 3, backoff = "1s" } = options;
  const error = errorRecord(thrown);
  if (thrown instanceof NonRetriableError || attempt > retries) return { status: "failed", error };
  return { status: "waiting", error, retryInMs: backoffMs(durationMs(backoff), attempt) };
}

/** Doubles with every attempt, up to an hour; a fifth of it is random, so that what failed together spreads out. */
function backoffMs(firstMs: number, attempt: number): number {
  const full = Math.min(firstMs * 2 ** (attempt - 1), Math.max(longestBackoffMs, firstMs));
  return Math.ceil(full * (0.8 + 0.2 * Math.random()));
}
