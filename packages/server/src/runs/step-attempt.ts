import {
  durationMs,
  type ErrorRecord,
  type Json,
  NonRetriableError,
  type StepContext,
  type StepOptions,
  sha256Hex,
} from "@holdpoint/core";
import { withAnySignal } from "../any-signal.ts";
import type { Random } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { errorRecord, readable } from "./error-record.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { jsonText } from "./json-text.ts";
import { retryDelayMs } from "./retry-delay.ts";
import type { RunJournal } from "./run-journal.ts";
import type { RunRow } from "./run-record.ts";
import type { StepRecord } from "./step-record.ts";

/** A step's function and how it behaves when it throws. */
export interface StepCall {
  name: string;
  fn: (step: StepContext) => unknown;
  options: StepOptions;
  /** Tells it to stop. */
  signal: AbortSignal;
}

/** One attempt at a step. */
export interface StepAttempt {
  run: RunRow;
  /** The step's record, which counts this attempt already. */
  record: StepRecord;
  step: StepCall;
}

/** What attempts are made with. */
export interface AttemptServices {
  ctx: Context;
  journal: RunJournal;
  random: Random;
  failpoint?: RunFailpoint;
}

/** How one call of a step's function ended. */
type Ending =
  | { status: "completed"; output?: Json }
  | { status: "failed"; error: ErrorRecord }
  | { status: "waiting"; error: ErrorRecord; retryInMs: number };

/** A step that takes longer than this, in ms, shows as running; most don't, and cost no write for it. */
const noteAfterMs = 250;

/**
 * Calls the function of a step once and records how that went. An attempt that was told to stop and did is not recorded:
 * it will be made again.
 */
export async function attemptStep(services: AttemptServices, attempt: StepAttempt): Promise<StepRecord> {
  const { ctx, journal, failpoint } = services;
  const { run, record, step } = attempt;
  const { signal } = step;
  const stopNote = ctx.clock.after(noteAfterMs, () => void journal.note(record).catch(() => undefined));
  const idempotencyKey = keyOf(run.id, record.name);
  const ending = await callStep(services, step, { idempotencyKey, attempt: record.attempts, signal });
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

/** What a header takes as a value and leaves as it is. */
const sendable = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

function keyOf(runId: string, step: string): string {
  const key = `${runId}:${step}`;
  return sendable.test(key) ? key : `${runId}:${sha256Hex(step)}`;
}

/** Never throws. */
async function callStep(services: AttemptServices, step: StepCall, context: StepContext): Promise<Ending> {
  let output: unknown;
  try {
    output = await callInTime(services.ctx.clock, step, context);
  } catch (thrown) {
    return afterThrow(services, step, context.attempt, readable(thrown));
  }
  try {
    const text = jsonText(output, `Step "${step.name}"`);
    return { status: "completed", ...(text !== undefined && { output: JSON.parse(text) as Json }) };
  } catch (error) {
    return { status: "failed", error: errorRecord(error) };
  }
}

/** Calls the function; when its time is up, tells it by its signal and waits no longer. */
async function callInTime(clock: Clock, { name, fn, options }: StepCall, context: StepContext): Promise<unknown> {
  const { timeout } = options;
  if (timeout === undefined) return fn(context);
  const overdue = new AbortController();
  const late = Promise.withResolvers<never>();
  const stopTimer = clock.after(durationMs(timeout), () => {
    const error = new StepTimeoutError(`Step "${name}" took longer than its timeout of ${timeout}.`);
    overdue.abort(error);
    late.reject(error);
  });
  const call = withAnySignal([context.signal, overdue.signal], async (signal) => fn({ ...context, signal }));
  try {
    return await Promise.race([late.promise, call]);
  } finally {
    stopTimer();
  }
}

/** Thrown when an attempt exceeds its step's timeout. */
class StepTimeoutError extends Error {
  override readonly name = "StepTimeoutError";
}

function afterThrow({ ctx, random }: AttemptServices, { options }: StepCall, attempt: number, thrown: unknown): Ending {
  const { retries = 3 } = options;
  const error = errorRecord(thrown);
  if (thrown instanceof NonRetriableError || attempt > retries) return { status: "failed", error };
  const retryInMs = retryDelayMs(options, { thrown, attempt, now: ctx.clock.now(), random });
  return { status: "waiting", error, retryInMs };
}
