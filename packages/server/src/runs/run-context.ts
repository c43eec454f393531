import {
  type Answered,
  type ApprovalRequest,
  approvalRequestSchema,
  awaitedEvent,
  type Branches,
  type BranchResult,
  durationMs,
  type EventWait,
  eventWaitSchema,
  type GateRequest,
  type GateTimeout,
  gateToolsOf,
  type InvokeOptions,
  type InvokeTarget,
  type Json,
  momentOf,
  type Notice,
  noticeSchema,
  type Outcome,
  parse,
  type QuestionRequest,
  type Review,
  type RunContext,
  type SentEvent,
  type StepContext,
  type StepOptions,
  sha256Hex,
  stepOptionsSchema,
  type WorkflowDefaults,
  withDefaults,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { triggerOf } from "./await-event.ts";
import { type BranchRace, firstOf } from "./branch-race.ts";
import { newChild } from "./child-run.ts";
import { eventFilter } from "./event-filter.ts";
import { executableReview } from "./executable-review.ts";
import type { HandlerCalls } from "./handler-calls.ts";
import { logEntry } from "./log-entry.ts";
import { ownerOf, type RunRow } from "./run-record.ts";
import type { InScope, RunScope } from "./run-scope.ts";
import { assertGateName } from "./step-names.ts";
import type { Wait } from "./unsaved-waits.ts";
import type { Workflows } from "./workflows.ts";

/** `source.engine` of the approvals that our runs ask for. */
export const engineName = "holdpoint";

/** What a gate records: how its approval ended. */
export type GateOutput = Outcome & { approvalId: string };

/** A target of whatever input and output. */
type AnyTarget = InvokeTarget<never, unknown>;

/** The context that a handler gets for one pass. Methods reject on invalid arguments; they never throw. */
export function createRunContext(
  calls: HandlerCalls,
  ctx: Context,
  defaults?: WorkflowDefaults,
  scope = calls.scope,
): RunContext {
  const { run } = calls;
  const owner = ownerOf(run);
  const inScope: InScope = (called, call) => calls.within(scope, called, call);
  const raceIn = (at: RunScope): BranchRace => ({
    scope: at,
    call: (branch, fn) => calls.enter(branch, async () => await fn(createRunContext(calls, ctx, defaults, branch))),
    drop: (branch, first) => calls.drop(branch, first),
  });
  const ask =
    (kind: "approval" | "question", request: Omit<ApprovalRequest, "kind" | "timeout"> & GateTimeout) =>
    (gate: string, asked: number): Wait => {
      assertGateName(gate);
      const source = { engine: engineName, workflow: run.workflow, runId: run.id, gate };
      const key = gateKey(run.id, gate, asked);
      const full = withDefaults({ ...request, kind, key, source }, defaults);
      return { request: parse(approvalRequestSchema, full, "gate") };
    };
  const context: Omit<RunContext, "gateTools"> = {
    id: run.id,
    tenantId: run.tenant_id,
    ...(owner && { owner }),
    signal: scope.signal(calls.signal),
    approved: false,
    step: <T>(name: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions) =>
      inScope(["step", name], async (at) => {
        const checked = options ? parse(stepOptionsSchema, options, "options") : {};
        return (await calls.step(at, name, fn, checked)) as T;
      }),
    approval: <Args = Json>(name: string, request: GateRequest<Args>) =>
      inScope(["approval", name], async (at) => {
        const output = await calls.wait(at, "approval", name, ask("approval", request as GateRequest<Json>));
        return executableReview(ctx, calls, { gate: name, inScope }, output as unknown as Review<Args>);
      }),
    question: <Answer = Json>(name: string, request: QuestionRequest) =>
      inScope(["question", name], async (at) => {
        const output = await calls.wait(at, "question", name, ask("question", request));
        return output as unknown as Answered<Answer>;
      }),
    waitForEvent: <Data = Json>(name: string, wait: EventWait) =>
      inScope(["waitForEvent", name], async (at) => {
        const output = await calls.wait(at, "event", name, () => eventWait(run, wait, ctx.clock.now()));
        return (output ?? null) as unknown as SentEvent<Data> | null;
      }),
    notify: (first: string | Notice, second?: Notice) =>
      inScope(["notify"], async (at) => {
        const [name, notice] = typeof first === "string" ? [first, second ?? {}] : ["notify", first];
        await calls.wait(at, "notify", name, () => ({ notice: parse(noticeSchema, notice, "notify") }));
      }),
    invoke: <Input, Output>(name: string, target: InvokeTarget<Input, Output>, options: InvokeOptions<Input>) =>
      inScope(["invoke", name], async (at) => {
        const output = await calls.wait(at, "invoke", name, () =>
          invocation(calls.workflows, target as AnyTarget, options, ctx.clock.now()),
        );
        return output as unknown as Output;
      }),
    sleep: (name, duration) =>
      inScope(["sleep", name], async (at) => {
        await calls.wait(at, "sleep", name, () => ({
          wakeAt: isoTime(ctx.clock.now() + durationMs(duration, "duration")),
        }));
      }),
    sleepUntil: (name, until) =>
      inScope(["sleepUntil", name], async (at) => {
        await calls.wait(at, "sleep", name, () => ({ wakeAt: momentOf(until, "until") }));
      }),
    race: <B extends Branches>(branches: B) =>
      inScope(["race"], async (at) => (await firstOf(raceIn(at), 1, branches))[0] as BranchResult<B>),
    first: (count, branches) => inScope(["first"], async (at) => firstOf(raceIn(at), count, branches)),
    log: (message, data) => calls.log(scope, logEntry(message, data)),
  };
  return { ...context, gateTools: gateToolsOf(context) };
}

/** @throws {HoldpointError} `invalid_request` naming the field */
function invocation(
  workflows: Workflows,
  target: AnyTarget,
  { input, timeout }: InvokeOptions<unknown>,
  now: number,
): Wait {
  const child = newChild(workflows, target, input);
  return timeout === undefined ? { child } : { child, wakeAt: isoTime(now + durationMs(timeout, "timeout")) };
}

/** @throws {HoldpointError} `invalid_request` naming the field */
function eventWait(run: RunRow, wait: EventWait, now: number): Wait {
  const { timeout, ...checked } = parse(eventWaitSchema, wait, "waitForEvent");
  if (checked.if !== undefined) eventFilter(checked.if);
  const event = awaitedEvent(checked, triggerOf(run));
  return timeout === undefined ? { event } : { event, wakeAt: isoTime(now + durationMs(timeout)) };
}

/** The same for every replay of one asking, and another one when a retried run asks again. */
function gateKey(runId: string, gate: string, asked: number): string {
  const key = asked === 1 ? `${runId}:${gate}` : `${runId}.${asked}:${gate}`;
  return key.length <= longestKey ? key : `${runId}.${asked}:${sha256Hex(gate)}`;
}

/** Of an approval's key. */
const longestKey = 200;
