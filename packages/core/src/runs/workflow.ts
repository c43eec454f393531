import type { ZodType } from "zod";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { ApprovalTiming } from "../approval/approval-timing.ts";
import type { Outcome } from "../approval/decision.ts";
import type { Notice } from "../delivery/notification.ts";
import type { Json } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import type { Person } from "../viewer.ts";
import type { EventWait } from "./event-wait.ts";
import type { GateTools } from "./gate-tools.ts";
import { type Handler, interruptible } from "./interruptible.ts";
import type { InvokeOptions, InvokeTarget } from "./invoke.ts";
import type { SentEvent } from "./sent-event.ts";

/** What a step's function is handed. */
export interface StepContext {
  /**
   * The same on every attempt; pass it to services that deduplicate, in a header if they want it there: the run's id and
   * the step's name, `run_01...:send`. A name that isn't printable ASCII, or with which the key had more than 255
   * characters, stands there as its SHA-256.
   */
  idempotencyKey: string;
  /** 1 on the first try. */
  attempt: number;
  /** Aborted when the attempt's timeout is over, the run is cancelled or the worker stops. */
  signal: AbortSignal;
}

/** How a step behaves when its function throws or takes too long. */
export interface StepOptions {
  /** Further attempts after the first; default 3. */
  retries?: number;
  /** Wait before the first retry, doubled for each further one up to an hour; default `1s`. A fifth of it is random. */
  backoff?: Duration;
  /**
   * How long one attempt may take. Then its signal is aborted and the attempt has failed, whatever its function still
   * does or returns; there are retries as after any error. At most 24 days; default as long as it takes.
   */
  timeout?: Duration;
}

/** How long a gate waits. */
export interface GateTimeout {
  /** Default: the workflow's. Null waits for ever, also where the workflow has a default. */
  timeout?: Duration | null;
}

/** What a gate asks: an approval request whose source, key and owner the run fills in. */
export type GateRequest<Args> = Omit<
  ApprovalRequest,
  "key" | "kind" | "source" | "action" | "form" | "lease" | "timeout"
> & {
  action?: Omit<NonNullable<ApprovalRequest["action"]>, "args"> & { args: Args };
} & GateTimeout;

/** What a question asks; `form` is the shape of the answer. */
export type QuestionRequest = Omit<ApprovalRequest, "key" | "kind" | "source" | "action" | "lease" | "timeout"> &
  GateTimeout;

/** The outcome of a gate, typed: arguments are there exactly when it was approved, if only by its timeout, and had an action. */
export type Review<Args> = Omit<Outcome, "args" | "answer" | "approved" | "status"> & { approvalId: string } & (
    | { approved: true; status: "approved" | "timed_out"; args: Args }
    | { approved: false; status: "rejected" | "timed_out" | "cancelled"; args?: undefined }
  );

/** A review by which what was approved can be executed. */
export type ExecutableReview<Args> = Review<Args> & {
  /**
   * Executes what was approved, as a recorded step named after the gate (`send:execute`; a name of more than 192
   * characters stands there as its SHA-256). Before `fn` is called the right
   * to execute is used up, which there is once: by this call or by `POST /approvals/:id/consume`. `fn` gets the approved
   * arguments; when the handler has changed those of the review, it isn't called. A replay gives the recorded result, and
   * an attempt that was cut off is made again with the same idempotency key. Not part of the review's JSON.
   *
   * @throws {HoldpointError} `decision_not_allowed` unless it was approved; `already_consumed` for a second call
   * @throws {StepError} as {@link RunContext.step}, and when the arguments were changed or the right was used up elsewhere
   */
  execute<T>(fn: (args: Args, step: StepContext) => Promise<T> | T, options?: StepOptions): Promise<T>;
  /** The result of `execute`, once called. Like `execute`, not part of the JSON. */
  readonly execution?: Promise<unknown>;
};

/** The outcome of a question: `answer` is there exactly when it was answered. */
export type Answered<Answer> = Omit<Outcome, "answer" | "status"> & { approvalId: string } & (
    | { status: "answered"; answer: Answer }
    | { status: "rejected" | "timed_out" | "cancelled"; answer?: undefined }
  );

/**
 * What a workflow's handler works with. An engine implements it: ours on the store, an adapter on a durable engine that
 * a host already has, so that a workflow file runs on either unchanged.
 *
 * The handler is called again after every pause; what went through one of these methods is recorded and returns its
 * recorded value. Everything that must not happen twice, or must not change, belongs inside a step. A handler awaits
 * nothing but these methods: what else it has under way is cut off when the run pauses, and starts over when it resumes.
 */
export interface RunContext {
  /** The run's id. */
  readonly id: string;
  readonly tenantId: string;
  /** The person on whose behalf the run was started. */
  readonly owner?: Person;
  /** Aborted when the run is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  /** True when the handler is called again after the approval that it asked for by returning `Interrupt.approval()`. */
  readonly approved: boolean;
  /**
   * Runs `fn` once and records what it returns (which must be JSON); at least once when processes die. `fn` may call none
   * of these methods but `log`: they reject, and the step fails without retries.
   */
  step<T>(name: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions): Promise<T>;
  /** Asks for a yes and pauses the run until the approval has ended. Without an `action` there are no arguments. */
  approval<Args = undefined>(name: string, request: GateRequest<Args>): Promise<ExecutableReview<Args>>;
  /** Asks for an answer and pauses the run until there is one, or the timeout struck. */
  question<Answer = Json>(name: string, request: QuestionRequest): Promise<Answered<Answer>>;
  /**
   * The same tools, to be given to an agent loop: calls of the listed ones ask for an approval each, the others run
   * freely; all are recorded. As a list of tools, or as the AI SDK has them.
   */
  gateTools: GateTools;
  /** Pauses the run. */
  sleep(name: string, duration: Duration): Promise<void>;
  /** Pauses the run until a moment: a `Date`, or ISO 8601 with its offset. One that has passed is over at once. */
  sleepUntil(name: string, until: Date | string): Promise<void>;
  /**
   * Leaves an entry among the run's steps, once, however often the handler is called again. It is stored with the next
   * thing that the run records. Inside a step's function, the only method that may be called there, each attempt leaves its
   * own.
   *
   * @param data JSON; what isn't is kept as text
   */
  log(message: string, data?: unknown): void;
  /**
   * Pauses the run until an event comes, and returns it; null when the time was up first.
   *
   * An event that was sent earlier, but after the run was created, counts too: the oldest that fits and that no other
   * wait of this run has had. One that is sent later goes to every wait, of any run, that is open and fits.
   */
  waitForEvent<Data = Json>(name: string, wait: EventWait): Promise<SentEvent<Data> | null>;
  /**
   * Goes on with the branch that ends first. What the others still wait for is withdrawn: their approvals are cancelled,
   * with the reason that the run went on without them, their sleeps no longer resume anything, and their steps' signals
   * are aborted. Fails when the first to end fails. An async function that a branch has begun belongs to that branch, also
   * where others await it: a gate that it awaits is withdrawn with the branch.
   *
   * A plain `Promise.race` or `Promise.any` works too. Of what loses there, gates are withdrawn when the run next pauses,
   * unless it pauses for a step's retry or the handler listens to them in another way as well (`await`, `then`, another
   * race, `Promise.all`); awaited later they are cancelled. That goes for promises that these methods have returned and
   * for what `then`, `catch` and `finally` make of them, whose callbacks get the cancelled outcome. Sleeps that lost don't
   * wake the run, and what comes for an event wait that lost is there for the next wait; awaited later, the lost one has it
   * unless another took it, and then waits on for one of its own. Race async functions of your own with `run.race`: what
   * lost in one in a plain race, and steps and invocations, stay open until the run ends.
   */
  race<B extends Branches>(branches: B): Promise<BranchResult<B>>;
  /** The same with the first `count` branches, in the order they ended; fails when one fails before. */
  first<B extends Branches>(count: number, branches: B): Promise<BranchResult<B>[]>;
  /** Tells people something, once, and goes on; what is told is queued with the record of the step. */
  notify(name: string, notice: Notice): Promise<void>;
  /** The same without a name: such steps are numbered. */
  notify(notice: Notice): Promise<void>;
  /**
   * Starts a run of another workflow, for the same owner, and pauses this one until it has ended; returns its output.
   * Rejects with a {@link StepError} that has its `runId` when it failed, was cancelled or took too long. It is cancelled
   * when this run is, or ends without waiting for it.
   */
  invoke<Input = unknown, Output = Json>(
    name: string,
    target: InvokeTarget<Input, Output>,
    options: InvokeOptions<NoInfer<Input>>,
  ): Promise<Output>;
}

/** Ways for a run to go on, by name. Each calls the methods of the context that it is handed. */
export type Branches = Record<string, (run: RunContext) => Promise<unknown>>;

/** A branch that has ended, and what it returned. */
export type BranchResult<B extends Branches> = {
  [K in keyof B & string]: { branch: K; value: Awaited<ReturnType<B[K]>> };
}[keyof B & string];

/**
 * What the gates of a workflow ask with unless they say otherwise. It is stored with each approval: those that wait keep
 * what they were asked with when the workflow changes.
 */
export interface WorkflowDefaults extends ApprovalTiming {
  /** Channels, by name, through which people are told besides the inbox; a gate's own stand in for them. */
  channels?: string[];
}

/** Fixed facts of a workflow. */
export interface WorkflowOptions<Input> {
  /** Whole number from 1; a run stays on the version it started with. */
  version: number;
  /** Checks a run's input before it is stored. */
  input?: ZodType<Input>;
  defaults?: WorkflowDefaults;
}

/** A workflow's definition. */
export interface Workflow<Input = unknown, Output = unknown> {
  readonly name: string;
  readonly version: number;
  readonly input?: ZodType<Input>;
  readonly defaults?: WorkflowDefaults;
  /**
   * The method form keeps workflows of different inputs in one list.
   *
   * @param interrupt what became of the gate `Interrupt.approval`, when the engine has it recorded: the handler isn't
   *   called then to ask once more
   */
  handler(run: RunContext, input: Input, interrupt?: Review<Json>): Promise<Output>;
}

/** A workflow's name, to be defined in one version or several: `workflow("refund").version(1).define(handler)`. */
export interface WorkflowName {
  /** @param version whole number from 1 */
  version<Input = unknown>(version: number, options?: Omit<WorkflowOptions<Input>, "version">): WorkflowVersion<Input>;
}

/** A version of a workflow that has no handler yet. */
export interface WorkflowVersion<Input> {
  /** The handler takes what the schema gives; without a schema, what it says that it takes. */
  define<HandlerInput extends Input, Output>(
    handler: Handler<DefinedInput<Input, HandlerInput>, Output>,
  ): Workflow<DefinedInput<Input, HandlerInput>, Output>;
}

type DefinedInput<Input, HandlerInput> = unknown extends Input ? HandlerInput : Input;

/**
 * Defines a workflow, in one go or by its name, version and handler.
 *
 * @param name unique among the workflows of a server; stored with every run
 */
export function workflow(name: string): WorkflowName;
export function workflow<Input, Output>(
  name: string,
  options: WorkflowOptions<Input>,
  handler: Handler<Input, Output>,
): Workflow<Input, Output>;
export function workflow<Input, Output>(
  name: string,
  options?: WorkflowOptions<Input>,
  handler?: Handler<Input, Output>,
): WorkflowName | Workflow<Input, Output> {
  if (options && handler) return { name, ...options, handler: interruptible(name, handler) };
  return { version: (version, rest) => ({ define: (defined) => defineVersion(name, { ...rest, version }, defined) }) };
}

function defineVersion<Input, Output>(
  name: string,
  options: WorkflowOptions<unknown>,
  handler: Handler<Input, Output>,
): Workflow<Input, Output> {
  return { name, ...(options as WorkflowOptions<Input>), handler: interruptible(name, handler) };
}
