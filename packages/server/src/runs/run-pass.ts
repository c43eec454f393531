import { type Json, NonRetriableError, NotApprovedError, type StepKind, type Workflow } from "@holdpoint/core";
import { isoTime } from "../iso-time.ts";
import { errorRecord, readable } from "./error-record.ts";
import { LeasesLostError } from "./finish-runs.ts";
import { Listeners } from "./heard-promise.ts";
import { jsonText } from "./json-text.ts";
import { LeaseLostError } from "./lease-table.ts";
import { lostGates, wentOnWithout } from "./lost-waits.ts";
import { OpenCalls } from "./open-calls.ts";
import { type PassParts, type PassServices, settleStep } from "./pass-parts.ts";
import { ReplayError } from "./replay-error.ts";
import { createRunContext } from "./run-context.ts";
import { HandlerStalledError, runFailure } from "./run-failure.ts";
import { RunHistory } from "./run-history.ts";
import { createRunJournal, type RunJournal } from "./run-journal.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { type Called, RunScope } from "./run-scope.ts";
import type { StepCall } from "./step-attempt.ts";
import { StepAttempts } from "./step-attempts.ts";
import { createStepNames } from "./step-names.ts";
import type { StepRecord } from "./step-record.ts";
import { settledAfter } from "./steps-table.ts";
import { UnsavedWaits, type Wait } from "./unsaved-waits.ts";
import type { Workflows } from "./workflows.ts";

/**
 * How a pass ended: the run `waits`, has `finished`, is to be passed through `again` at once because something settled
 * while it was about to wait, was given back by `release`, or is no longer ours.
 */
export type PassEnd = "waits" | "finished" | "again" | "released" | "lost";

/**
 * One pass through a handler: from its first line, over what is recorded, to where it waits or ends. The handler is in
 * memory while a step executes; as soon as there is nothing left but waiting, nothing holds it any more.
 */
export class RunPass {
  readonly run: RunRow;
  readonly #services: PassServices;
  readonly #journal: RunJournal;
  readonly #history: RunHistory;
  readonly #calls = new OpenCalls({
    rested: () => this.#rested(),
    delivers: (record) => this.#waits.notice(record),
  });
  readonly #listeners = new Listeners(
    () => this.#whereIn(this.scope),
    (call) => this.#waits.recall(call),
  );
  readonly #parts: PassParts;
  readonly #attempts: StepAttempts;
  readonly #waits: UnsavedWaits;
  readonly #unique = createStepNames();
  readonly #abort = new AbortController();
  readonly #end = Promise.withResolvers<PassEnd>();
  /** The calls of the handler itself. */
  readonly scope = new RunScope();
  /** Since when the handler has awaited something of its own, in ms since the epoch. */
  #aloneSince: number | undefined;
  #saving = false;
  /** Nothing that the handler still does counts. */
  #closed = false;

  constructor(services: PassServices, run: RunRow, recorded: readonly StepRecord[]) {
    this.run = run;
    this.#services = services;
    this.#journal = createRunJournal(services, run);
    this.#history = new RunHistory(recorded);
    this.#parts = {
      services,
      run,
      journal: this.#journal,
      history: this.#history,
      calls: this.#calls,
      listeners: this.#listeners,
      refresh: () => this.refresh(),
      giveUp: (error) => this.#giveUp(error),
    };
    this.#attempts = new StepAttempts(this.#parts);
    this.#waits = new UnsavedWaits(this.#parts);
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
    this.#services.running.run({ runId: this.run.id, scope: this.scope }, call).then(
      (output) => this.#finish(() => ({ status: "completed", output: jsonText(output, "The handler") })),
      (error) => this.#fail(error),
    );
    return this.#end.promise;
  }

  /** Makes a call in the scope of its context, or in the branch of it that calls: that may call the outer context too. */
  within<T>(scope: RunScope, called: Called, call: (at: RunScope) => Promise<T>): Promise<T> {
    const step = this.#stepIn();
    if (step !== undefined) return Promise.reject(calledInStep(called, step));
    const at = this.#whereIn(scope);
    return at.closed ? never() : this.#listeners.hear(() => call(at));
  }

  /** Calls a branch; what it calls is a part of it, whichever context it calls. */
  branch<T>(scope: RunScope, call: () => Promise<T>): Promise<T> {
    return this.#services.running.run({ runId: this.run.id, scope }, call);
  }

  /** Lets go of a branch, and withdraws what it still waits for. */
  drop(branch: RunScope, winner: string): void {
    this.#waits.drop(new Set(branch.close(winner)), wentOnWithout(winner));
    this.#calls.review();
  }

  /** Fails the run when its handler has awaited something of its own for that long. */
  failIfStalled(ms: number): void {
    if (this.#aloneSince === undefined || this.#services.ctx.clock.now() - this.#aloneSince < ms) return;
    this.#fail(new HandlerStalledError(ms));
  }

  /** One step of the handler: its recorded result, or an attempt. */
  step(at: RunScope, name: string, fn: StepCall["fn"], options: StepCall["options"]): Promise<Json | undefined> {
    const unique = this.#unique(name);
    const code = { runId: this.run.id, scope: at, step: unique };
    const call: StepCall["fn"] = (context) => this.#services.running.run(code, fn, context);
    const step = { name: unique, fn: call, options, signal: at.signal(this.signal) };
    return this.#call(at, unique, "step", () => this.#attempts.startIfDue(step), step);
  }

  /** One wait of the handler: its recorded result, or a row that will get one. `wait` is told the name that it has. */
  wait(
    at: RunScope,
    kind: StepKind,
    name: string,
    wait: (unique: string, asked: number) => Wait,
  ): Promise<Json | undefined> {
    const unique = this.#unique(name);
    const asking = this.#closed ? undefined : this.#waits.due(unique, kind);
    const asked = asking && { asking, wait: wait(unique, asking) };
    return this.#call(at, unique, kind, () => {
      if (asked) this.#waits.add({ name: unique, kind, asking: asked.asking }, asked.wait);
    });
  }

  /** Adds an entry to the run's steps; it is written with whatever the run writes next. */
  log(scope: RunScope, output: Json): void {
    if (this.#closed || this.#whereIn(scope).closed) return;
    const step = this.#stepIn();
    // A replay doesn't call a step's function: what it logs is new, and must not shift the numbers of the handler's.
    const name = step === undefined ? "log" : `${step}:log`;
    let unique = this.#unique(name);
    let record = this.#history.get(unique);
    while (record && (step !== undefined || this.#history.isOfEarlierCall(record, output))) {
      unique = this.#unique(name);
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
      for (const record of news) settleStep(this.#parts, record);
      for (const step of this.#calls.steps) this.#attempts.startIfDue(step);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Starts no further step and ends the pass as soon as none is executing. */
  release(): void {
    this.#attempts.release();
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

  /** The step of this run whose function it is that runs, if it is one. */
  #stepIn(): string | undefined {
    const code = this.#services.running.getStore();
    return code && this.scope.holds(code.scope) ? code.step : undefined;
  }

  /** Where in a context's scope the code is that runs. */
  #whereIn(scope: RunScope): RunScope {
    const code = this.#services.running.getStore();
    return code && scope.holds(code.scope) ? code.scope : scope;
  }

  #call(at: RunScope, name: string, kind: StepKind, start: () => void, step?: StepCall): Promise<Json | undefined> {
    if (this.#closed) return never();
    this.#aloneSince = undefined;
    at.add(name);
    this.#listeners.name(name);
    const record = this.#history.get(name);
    if (record && record.kind !== kind) {
      this.#fail(new ReplayError(record, kind));
      return never();
    }
    const result = this.#calls.open(name, step, record);
    if (record?.settled === undefined) start();
    else this.#calls.offer(record);
    return result;
  }

  /** The handler has taken in all there is: now it waits for a step, for people or time, or for something of its own. */
  #rested(): void {
    if (this.#closed || this.#saving) return;
    const { idle } = this.#attempts;
    this.#aloneSince =
      idle && this.#calls.size === 0 ? (this.#aloneSince ?? this.#services.ctx.clock.now()) : undefined;
    const opensFirst = this.#waits.leave(lostGates(this.#parts));
    if (this.#waits.dropped) void this.#save(() => this.#withdraw());
    else if (idle && this.#attempts.released) this.#close("released");
    else if (idle && this.#calls.size > 0 && !opensFirst) void this.#suspend();
    else if (this.#waits.opened) void this.#save(() => this.#waits.open());
  }

  /** Everything open is a wait: rows take over from here. */
  async #suspend(): Promise<void> {
    this.#closed = true;
    try {
      this.#close((await this.#waits.suspend()) ? "waits" : "again");
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Writes while the handler is in memory. */
  async #save(write: () => Promise<void>): Promise<void> {
    this.#saving = true;
    try {
      await write();
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#saving = false;
      this.#calls.review();
    }
  }

  async #withdraw(): Promise<void> {
    await this.#waits.withdraw();
    await this.refresh();
  }

  #fail(reason: unknown): void {
    const thrown = readable(reason);
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
      await this.#waits.withdraw();
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

/** For calls that come after the pass has ended: their handler is of no consequence any more. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Trying again would change nothing. Waiting there, the run couldn't pause. */
function calledInStep([method, name]: Called, step: string): NonRetriableError {
  const call = `run.${method}(${name === undefined ? "" : `"${String(name)}"`})`;
  return new NonRetriableError(`${call} is called inside step "${step}": call it from the handler, beside the step.`);
}

function resultOrFailure(result: () => RunResult): RunResult {
  try {
    return result();
  } catch (error) {
    return { status: "failed", error: errorRecord(error) };
  }
}
