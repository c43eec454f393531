import {
  type Answered,
  type ApprovalRequest,
  approvalRequestSchema,
  awaitedEvent,
  durationMs,
  type EventWait,
  eventWaitSchema,
  type GateRequest,
  gateToolsOf,
  type Json,
  momentOf,
  type Outcome,
  parse,
  type QuestionRequest,
  type Review,
  type RunContext,
  type SentEvent,
  type StepContext,
  type StepOptions,
  stepOptionsSchema,
  type WorkflowDefaults,
  withDefaults,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { triggerOf } from "./await-event.ts";
import { eventFilter } from "./event-filter.ts";
import { executableReview } from "./executable-review.ts";
import { handed } from "./handed.ts";
import { logEntry } from "./log-entry.ts";
import type { RunPass, Wait } from "./run-pass.ts";
import { ownerOf, type RunRow } from "./run-record.ts";

/** `source.engine` of the approvals that our runs ask for. */
export const engineName = "holdpoint";

/** What a gate records: how its approval ended. */
export type GateOutput = Outcome & { approvalId: string };

/** The context that a handler gets for one pass. Methods reject with what they were given wrong, never throw. */
export function createRunContext(pass: RunPass, ctx: Context, defaults?: WorkflowDefaults): RunContext {
  const { run } = pass;
  const owner = ownerOf(run);
  const ask =
    (kind: "approval" | "question", request: Omit<ApprovalRequest, "kind">) =>
    (gate: string): Wait => {
      const source = { engine: engineName, workflow: run.workflow, runId: run.id, gate };
      const asked = withDefaults({ ...request, kind, key: `${run.id}:${gate}`, source }, defaults);
      return { request: parse(approvalRequestSchema, asked, "gate") };
    };
  const context: Omit<RunContext, "gateTools"> = {
    id: run.id,
    tenantId: run.tenant_id,
    ...(owner && { owner }),
    signal: pass.signal,
    approved: false,
    step: <T>(name: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions) =>
      handed(async () => {
        const checked = options ? parse(stepOptionsSchema, options, "options") : {};
        return (await pass.step(name, fn, checked)) as T;
      }),
    approval: <Args = Json>(name: string, request: GateRequest<Args>) =>
      handed(async () => {
        const output = await pass.wait("approval", name, ask("approval", request as ApprovalRequest));
        return executableReview(ctx, pass, name, output as unknown as Review<Args>);
      }),
    question: <Answer = Json>(name: string, request: QuestionRequest) =>
      handed(async () => {
        const output = await pass.wait("question", name, ask("question", request));
        return output as unknown as Answered<Answer>;
      }),
    waitForEvent: <Data = Json>(name: string, wait: EventWait) =>
      handed(async () => {
        const output = await pass.wait("event", name, () => eventWait(run, wait, ctx.clock.now()));
        return (output ?? null) as unknown as SentEvent<Data> | null;
      }),
    sleep: (name, duration) =>
      handed(async () => {
        await pass.wait("sleep", name, () => ({ wakeAt: isoTime(ctx.clock.now() + durationMs(duration, "duration")) }));
      }),
    sleepUntil: (name, until) =>
      handed(async () => {
        await pass.wait("sleep", name, () => ({ wakeAt: momentOf(until, "until") }));
      }),
    log: (message, data) => pass.log(logEntry(message, data)),
  };
  return { ...context, gateTools: gateToolsOf(context) };
}

/** @throws {HoldpointError} `invalid_request` naming the field */
function eventWait(run: RunRow, wait: EventWait, now: number): Wait {
  const { timeout, ...checked } = parse(eventWaitSchema, wait, "waitForEvent");
  if (checked.if !== undefined) eventFilter(checked.if);
  const event = awaitedEvent(checked, triggerOf(run));
  return timeout === undefined ? { event } : { event, wakeAt: isoTime(now + durationMs(timeout)) };
}
