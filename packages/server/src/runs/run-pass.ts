import { type Json, NotApprovedError, type StepKind, type Workflow, withoutUndefined } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Rouser } from "./claims-table.ts";
import { errorRecord } from "./error-record.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { LeasesLostError } from "./finish-runs.ts";
import { jsonText } from "./json-text.ts";
import { LeaseLostError } from "./lease-table.ts";
import { OpenCalls } from "./open-calls.ts";
import { ReplayError } from "./replay-error.ts";
import type { Random } from "./retry-delay.ts";
import { createRunContext } from "./run-context.ts";
import { HandlerStalledError, runFailure } from "./run-failure.ts";
import { RunHistory } from "./run-history.ts";
import { createRunJournal, earliest, GateRefusedError, type NewWait, type RunJournal } from "./run-journal.ts";
import type { RunLedger } from "./run-ledger.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { RunScope } from "./run-scope.ts";
import { attemptStep, type StepCall } from "./step-attempt.ts";
import { createStepNames } from "./step-names.ts";
import type { StepRecord } from "./step-record.ts";
import { settledAfter } from "./steps-table.ts";
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
  failpoint?: RunFailpoint;
}

/**
 * How a pass ended: the run `waits`, has `finished`, is to be passed through `again` at once because something settled
 * while it was about to wait, was given back by `release`, or is no longer ours.
 */
export type PassEnd = "waits" | "finished" | "again" | "released" | "lost";

/** What a wait asks or how long it lasts. */
export type Wait = Pick<NewWait, "request" | "child" | "notice"> & Pick<StepRecord, "wakeAt" | "event">;

/**
 * One pass through a handler: from its first line, over what is recorded, to where it waits or ends. The handler is in
 * memory while a step executes; as soon as there is nothing left but waiting, nothing holds it any more.
 */
export class RunPass {
  readonly run: RunRow;
  readonly #services: PassServices;
  readonly #journal: RunJournal;
  readonly #history: RunHistory;
  readonly #calls = new OpenCalls(() => this.#rested());
  readonly #executing = new Set<string>();
  readonly #unique = createStepNames();
  readonly #abort = new AbortController();
  readonly #end = Promise.withResolvers<PassEnd>();
  #newWaits: NewWait[] = [];
  /** The calls of the handler itself. */
  readonly scope = new RunScope();
  /** The branch that is being called right now. */
  #branch: RunScope | undefined;
  /** What the run goes on without and is to be withdrawn. */
  #dropped: DroppedStep[] = [];
  /** Since when the handler has awaited something of its own, in ms since the epoch. */
  #aloneSince: number | undefined;
  #saving = false;
  #releasing = false;
  /** Nothing that the handler still does counts. */
  #closed = false;

  constructor(services: PassServices, run: RunRow, recorded: readonly StepRecord[]) {
    this.run = run;
    this.#services = services;
    this.#journal = createRunJournal(services, run);
    this.#history = new RunHistory(recorded);
  }

  /** Aborted when the run is cancelled, has moved elsewhere, or the worker is in a hurry to stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What the run can invoke. */
  get workflows(): Workflows {
    return this.#services.workflows;
  }

  /** How many settled steps the handler can know of. */
  get known(): number {
    return this.#history.known;
  }

  /** Whether it waits for others: for people, or for an event. */
  get asks(): boolean {
    return this.#history.asks;
  }

  /** Calls the handler and resolves once this pass is over. */
  execute(workflow: Workflow): Promise<PassEnd> {
    const call = async () =>
      workflow.handler(
        createRunContext(this, this.#services.ctx, workflow.defaults),
        JSON.parse(this.run.input),
        this.#history.interrupt,
      );
    this.#calls.review();
    call().then(
      (output) => this.#finish(() => ({ status: "completed", output: jsonText(output, "The handler") })),
      (error) => this.#fail(error),
    );
    return this.#end.promise;
  }

  /** Makes a call in a scope, or in the branch that is being called, so that one may call the outer context too. */
  within<T>(scope: RunScope, call: () => Promise<T>): Promise<T> {
    const at = this.#branch ?? scope;
    return at.closed ? never() : this.branch(at, call);
  }

  /** Calls a branch; what it calls at once is a part of it, whichever context it calls. */
  branch<T>(scope: RunScope, call: () => Promise<T>): Promise<T> {
    const outer = this.#branch;
    this.#branch = scope;
    try {
      return call();
    } finally {
      this.#branch = outer;
    }
  }

  /** Lets go of a branch, and withdraws what it still waits for. */
  drop(branch: RunScope, reason: string): void {
    const names = new Set(branch.close(reason));
    const unsaved = new Set(this.#newWaits.map(({ step }) => step.name));
    this.#newWaits = this.#newWaits.filter(({ step }) => !names.has(step.name));
    for (const name of names) {
      if (this.#calls.drop(name) && !unsaved.has(name)) this.#dropped.push({ name, reason });
    }
    this.#calls.review();
  }

  /** Fails the run when its handler has awaited something of its own for that long. */
  failIfStalled(ms: number): void {
    if (this.#aloneSince === undefined || this.#services.ctx.clock.now() - this.#aloneSince < ms) return;
    this.#fail(new HandlerStalledError(ms));
  }

  /** One step of the handler: its recorded result, or an attempt. */
  step(name: string, fn: StepCall["fn"], options: StepCall["options"]): Promise<Json | undefined> {
    const unique = this.#unique(name);
    const signal = (this.#branch ?? this.scope).signal(this.signal);
    const step = { name: unique, fn, options, signal };
    return this.#call(unique, "step", () => this.#attemptIfDue(step), step);
  }

  /** One wait of the handler: its recorded result, or a row that will get one. `wait` is told the name that it has. */
  wait(kind: StepKind, name: string, wait: (unique: string, asked: number) => Wait): Promise<Json | undefined> {
    const unique = this.#unique(name);
    const before = this.#history.get(unique);
    const again = before?.kind === kind && isToAskAgain(before) ? before.attempts + 1 : undefined;
    const asked = this.#closed || (before && !again) ? undefined : wait(unique, again ?? 1);
    return this.#call(unique, kind, () => {
      if (!asked) return;
      const { request, child, notice, ...known } = asked;
      const reached =
        before && again
          ? { ...before, attempts: again, error: undefined }
          : this.#history.reach(unique, kind, this.#now());
      const step = { ...reached, ...known };
      this.#newWaits.push({ step, ...withoutUndefined({ request, child, notice }) });
    });
  }

  /** Adds an entry to the run's steps; it is written with whatever the run writes next. */
  log(scope: RunScope, output: Json): void {
    if (this.#closed || (this.#branch ?? scope).closed) return;
    let unique = this.#unique("log");
    let record = this.#history.get(unique);
    while (record && this.#history.isOfEarlierCall(record, output)) {
      unique = this.#unique("log");
      record = this.#history.get(unique);
    }
    if (!record) this.#journal.log({ ...this.#history.reach(unique, "log", this.#now()), output });
    else if (record.kind !== "log") this.#fail(new ReplayError(record, "log"));
  }

  /** Looks for what has settled elsewhere (a decision, a sleep that is over) and for retries that are due. */
  async refresh(): Promise<void> {
    if (this.#closed) return;
    try {
      const news = await settledAfter(this.#services.ctx.store.reader, this.run.id, this.known);
      // It may have begun to wait meanwhile: then the next pass takes this in.
      if (this.#closed) return;
      for (const record of news) this.#settle(record);
      for (const step of this.#calls.steps) this.#attemptIfDue(step);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Starts no further step and ends the pass as soon as none is executing. */
  release(): void {
    this.#releasing = true;
    this.#calls.review();
  }

  /** Tells the steps that are executing to stop. */
  abort(reason: string): void {
    this.#abort.abort(new Error(reason));
  }

  /** Ends the pass at once, unless its last write is being made: then that write will tell. */
  lose(): void {
    if (!this.#closed) this.#close("lost");
    this.abort("The run was cancelled, or goes on elsewhere.");
  }

  #call(name: string, kind: StepKind, start: () => void, step?: StepCall): Promise<Json | undefined> {
    if (this.#closed) return never();
    this.#aloneSince = undefined;
    this.#branch?.add(name);
    const record = this.#history.get(name);
    if (record && record.kind !== kind) {
      this.#fail(new ReplayError(record, kind));
      return never();
    }
    const result = this.#calls.open(name, step);
    if (record?.settled === undefined) start();
    else this.#calls.offer(record);
    return result;
  }

  #attemptIfDue(step: StepCall): void {
    const record = this.#history.get(step.name);
    const done = record?.settled !== undefined || record?.status === "cancelled" || this.#executing.has(step.name);
    const early = record?.wakeAt !== undefined && record.wakeAt > this.#now();
    if (done || early || this.#releasing) return;
    const attempt = record
      ? { ...record, status: "running" as const, wakeAt: undefined, attempts: record.attempts + 1 }
      : this.#history.reach(step.name, "step", this.#now());
    this.#executing.add(step.name);
    void this.#attempt(attempt, step);
  }

  async #attempt(record: StepRecord, step: StepCall): Promise<void> {
    const services = { ...this.#services, journal: this.#journal };
    try {
      const after = await attemptStep(services, { run: this.run, record, step });
      if (after.settled === undefined) this.#note(after);
      else if (after.settled === this.known + 1) this.#settle(after);
      else await this.refresh();
    } catch (error) {
      this.#giveUp(error);
    }
    // Not before the history has it: a refresh that read the rows earlier would take the step for one to attempt.
    this.#executing.delete(step.name);
    this.#calls.review();
  }

  /** The handler has taken in all there is: now it waits for a step, for people or time, or for something of its own. */
  #rested(): void {
    if (this.#closed || this.#saving) return;
    const idle = this.#executing.size === 0;
    this.#aloneSince =
      idle && this.#calls.size === 0 ? (this.#aloneSince ?? this.#services.ctx.clock.now()) : undefined;
    if (this.#dropped.length > 0) void this.#withdraw();
    else if (idle && this.#releasing) this.#close("released");
    else if (idle && this.#calls.size > 0) void this.#suspend();
    else if (this.#newWaits.length > 0) void this.#openWaits();
  }

  /** Everything open is a wait: rows take over from here. */
  async #suspend(): Promise<void> {
    this.#closed = true;
    const waits = this.#newWaits.splice(0);
    const open = this.#calls.names.flatMap((name) => this.#history.get(name) ?? []);
    const wakeAt = earliest([...open, ...waits.map(({ step }) => step)]);
    try {
      await this.#services.failpoint?.("before-suspend");
      const { suspended } = await this.#journal.open(waits, { known: this.known, wakeAt });
      if (suspended && wakeAt !== undefined) this.#services.wakeBy(wakeAt);
      this.#close(suspended ? "waits" : "again");
    } catch (error) {
      if (!(error instanceof GateRefusedError)) return this.#giveUp(error);
      await this.#refuse(error);
      this.#close("again");
    }
  }

  /** Waits become visible while a step is still executing. */
  async #openWaits(): Promise<void> {
    this.#saving = true;
    const waits = this.#newWaits.splice(0);
    try {
      const { steps } = await this.#journal.open(waits);
      for (const step of steps) this.#note(step);
      if (steps.some(({ settled }) => settled !== undefined)) await this.refresh();
    } catch (error) {
      if (!(error instanceof GateRefusedError)) return this.#giveUp(error);
      this.#newWaits.push(...waits.filter(({ step }) => step.name !== error.step.name));
      await this.#refuse(error);
      await this.refresh();
    } finally {
      this.#saving = false;
      this.#calls.review();
    }
  }

  /** Withdraws what the run goes on without. */
  async #withdraw(): Promise<void> {
    this.#saving = true;
    try {
      await this.#saveDropped();
      await this.refresh();
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#saving = false;
      this.#calls.review();
    }
  }

  async #saveDropped(): Promise<void> {
    const open = this.#dropped.splice(0).flatMap(({ name, reason }) => {
      const step = this.#history.get(name);
      return step && isToWithdraw(step) ? { step, reason } : [];
    });
    if (open.length === 0) return;
    await this.#services.failpoint?.("before-withdraw");
    for (const step of await this.#journal.withdraw(open)) this.#note(step);
  }

  async #refuse({ step, cause }: GateRefusedError): Promise<void> {
    try {
      await this.#journal.settle({ ...step, status: "failed", error: errorRecord(cause), finishedAt: this.#now() });
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Keeps what is known of a step that has not settled. */
  #note(step: StepRecord): void {
    if (step.settled !== undefined) return;
    this.#history.note(step);
    if (step.wakeAt !== undefined) this.#services.wakeBy(step.wakeAt);
  }

  #settle(step: StepRecord): void {
    if (this.#history.settle(step)) this.#calls.offer(step);
  }

  #fail(thrown: unknown): void {
    void this.#finish(() =>
      thrown instanceof NotApprovedError
        ? { status: "closed", outcome: thrown.outcome }
        : { status: "failed", error: runFailure(thrown, this.#calls.failures) },
    );
  }

  async #finish(result: () => RunResult): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#saveDropped();
      await this.#journal.finish(resultOrFailure(result), this.asks);
      this.#close("finished");
      this.abort("The run has ended.");
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Without its record nothing may go on: the run is taken up again, here or elsewhere, once the lease has run out. */
  #giveUp(error: unknown): void {
    const { logger } = this.#services.ctx;
    const isLost = error instanceof LeaseLostError || error instanceof LeasesLostError;
    if (!isLost) logger.error({ err: error, runId: this.run.id }, "can't record a run");
    this.#close("lost");
    this.abort("The run goes on elsewhere.");
  }

  #close(end: PassEnd): void {
    this.#closed = true;
    this.#calls.abandon();
    this.#end.resolve(end);
  }

  #now(): string {
    return isoTime(this.#services.ctx.clock.now());
  }
}

/** A call that is to be withdrawn. */
interface DroppedStep {
  name: string;
  reason: string;
}

/** Something open, or an event that came too late for the branch that waited for it. */
function isToWithdraw({ settled, status, eventSeq }: StepRecord): boolean {
  return settled === undefined ? status !== "cancelled" : eventSeq !== undefined;
}

/** A wait that ended with its run, or with a race that failed, and that a retry has opened again. */
function isToAskAgain({ kind, status, approvalId, childRunId, event, wakeAt }: StepRecord): boolean {
  if (status !== "waiting") return false;
  if (kind === "notify") return true;
  if (kind === "invoke") return childRunId === undefined;
  if (kind === "event") return event === undefined;
  if (kind === "sleep") return wakeAt === undefined;
  return (kind === "approval" || kind === "question") && approvalId === undefined;
}

/** For calls that come after the pass has ended: their handler is of no consequence any more. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function resultOrFailure(result: () => RunResult): RunResult {
  try {
    return result();
  } catch (error) {
    return { status: "failed", error: errorRecord(error) };
  }
}
