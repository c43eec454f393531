import * as z from "zod";
import { cursorField, limitField } from "../approval/approval-query.ts";
import { outcomeSchema } from "../approval/decision.ts";
import { instant, json, listOf, name, type ShapeOf } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import { type Person, personSchema } from "../viewer.ts";
import type { RunOutcome } from "./not-approved-error.ts";
import { type AwaitedEvent, awaitedEventSchema } from "./sent-event.ts";

/** Every {@link RunStatus}. */
export const runStatuses = [
  "queued",
  "running",
  "waiting",
  "stranded",
  "completed",
  "failed",
  "rejected",
  "timed_out",
  "cancelled",
] as const;

/**
 * Where a run stands. `stranded` means that its workflow, in the version it started with, is not in the code any more:
 * it waits until the definition is back. `rejected` and `timed_out` mean that an approval which it could not do without
 * ended so; `cancelled` that it was, or such an approval.
 */
export type RunStatus = (typeof runStatuses)[number];

/** What kind of thing a recorded step is. */
export type StepKind = (typeof stepKinds)[number];

/** Every {@link StepKind}. */
export const stepKinds = ["step", "approval", "question", "sleep", "event", "invoke", "notify", "log"] as const;

/** An error as stored and shown. */
export interface ErrorRecord {
  name: string;
  message: string;
  /** Of a run: the failed steps that it failed with, if any; a retry attempts them again. */
  steps?: string[];
}

/** One memoised unit of a run. */
export interface RunStep {
  /** Unique within the run; a repeated name is numbered (`send`, `send#2`). */
  name: string;
  kind: StepKind;
  /** `cancelled` when the run went on without it; a gate that was withdrawn is `completed`, and its output says so. */
  status: "running" | "waiting" | "completed" | "failed" | "cancelled";
  /** What the step returned, once completed; of a log entry, `{ message, data? }`. */
  output?: Json;
  /** What the last attempt threw, while another one is to come or none is left. */
  error?: ErrorRecord;
  /** Times it was started, or asked; a retry of the run starts the count again. */
  attempts: number;
  approvalId?: string;
  /** When a sleep or a retry is due, or the time for a wait is up. */
  wakeAt?: string;
  /** What a wait for an event waits for. */
  event?: AwaitedEvent;
  /** The run that an invocation started. */
  childRunId?: string;
  startedAt: string;
  finishedAt?: string;
}

/** One durable execution of a workflow. */
export interface Run {
  /** `run_` + 26 characters, sortable by time. */
  id: string;
  tenantId: string;
  workflow: string;
  /** The definition's version that the run started with and stays on. */
  version: number;
  key?: string;
  status: RunStatus;
  input: Json;
  output?: Json;
  error?: ErrorRecord;
  /** The outcome of the approval that closed the run: who decided, when and why. */
  outcome?: RunOutcome;
  /** Who started it. */
  owner?: Person;
  /** The run that invoked this one. */
  parentRunId?: string;
  /** In the order they were first reached; left out of lists. */
  steps?: RunStep[];
  createdAt: string;
  updatedAt: string;
  finishedAt?: string;
}

/** What starting a run takes. */
export interface RunRequest {
  workflow: string;
  input: Json;
  /** Starting again with the same key returns the first run. */
  key?: string;
}

/** What runs to list, newest first. */
export interface RunQuery {
  status?: RunStatus[];
  workflow?: string;
  /** Only the viewer's own, for those who see those of others too. */
  owner?: "me";
  /** The one that was started with this key. */
  key?: string;
  /** Those that a run has invoked. */
  parentRunId?: string;
  /** ISO 8601; this moment counts. */
  createdAfter?: string;
  /** ISO 8601; this moment doesn't count any more. */
  createdBefore?: string;
  /** 1 to 200, default 50. */
  limit?: number;
  cursor?: string;
}

/** Wire form of {@link RunStatus}. */
const runStatusSchema: z.ZodType<RunStatus> = z.enum(runStatuses);

const errorRecordSchema = z.object({
  name: z.string(),
  message: z.string(),
  steps: z.array(z.string()).optional(),
} satisfies ShapeOf<ErrorRecord>);

const runOutcomeSchema: z.ZodType<RunOutcome> = z.intersection(outcomeSchema, z.object({ approvalId: z.string() }));

const runStepSchema = z.object({
  name: z.string(),
  kind: z.enum(stepKinds),
  status: z.enum(["running", "waiting", "completed", "failed", "cancelled"]),
  output: json.optional(),
  error: errorRecordSchema.optional(),
  attempts: z.int().min(0),
  approvalId: z.string().optional(),
  wakeAt: instant.optional(),
  event: awaitedEventSchema.optional(),
  childRunId: z.string().optional(),
  startedAt: instant,
  finishedAt: instant.optional(),
} satisfies ShapeOf<RunStep>);

/** Wire form of {@link Run}. */
export const runSchema: z.ZodType<Run> = z.object({
  id: z.string(),
  tenantId: z.string(),
  workflow: z.string(),
  version: z.int().min(1),
  key: z.string().optional(),
  status: runStatusSchema,
  input: json,
  output: json.optional(),
  error: errorRecordSchema.optional(),
  outcome: runOutcomeSchema.optional(),
  owner: personSchema.optional(),
  parentRunId: z.string().optional(),
  steps: z.array(runStepSchema).optional(),
  createdAt: instant,
  updatedAt: instant,
  finishedAt: instant.optional(),
} satisfies ShapeOf<Run>);

/** Wire form of {@link RunRequest}. */
export const runRequestSchema: z.ZodType<RunRequest> = z.strictObject({
  workflow: name(),
  input: json,
  key: name().optional(),
} satisfies ShapeOf<RunRequest>);

/** Wire form of {@link RunQuery}; takes the values of a query string too. */
export const runQuerySchema: z.ZodType<RunQuery> = z.strictObject({
  status: listOf(runStatusSchema).optional(),
  workflow: name().optional(),
  owner: z.literal("me").optional(),
  key: name().optional(),
  parentRunId: name().optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  limit: limitField,
  cursor: cursorField,
} satisfies ShapeOf<RunQuery>);
