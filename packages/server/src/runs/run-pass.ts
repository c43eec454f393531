import { NotApprovedError, type Workflow } from "@holdpoint/core";
import { errorRecord, readable } from "./error-record.ts";
import { LeasesLostError } from "./finish-runs.ts";
import { HandlerCalls } from "./handler-calls.ts";
import { Listeners } from "./heard-promise.ts";
import { jsonText } from "./json-text.ts";
import { LeaseLostError } from "./lease-table.ts";
import { lostGates } from "./lost-waits.ts";
import { OpenCalls } from "./open-calls.ts";
import { type PassParts, type PassServices, settleStep } from "./pass-parts.ts";
import { createRunContext } from "./run-context.ts";
import { HandlerStalledError, runFailure } from "./run-failure.ts";
import { RunHistory } from "./run-history.ts";
import { createRunJournal, type RunJournal } from "./run-journal.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { SpareEvents } from "./spare-events.ts";
import { StepAttempts } from "./step-attempts.ts";
import type { StepRecord } from "./step-record.ts";
import { settledAfter } from "./steps-table.ts";
import { UnsavedWaits } from "./unsaved-waits.ts";

/**
 * How a pass ended: the run `waits`, has `finished`, is to be passed through `again` at once because something settled
 * while it was about to wait, was given back by `release`, or is no longer ours.
 */
export type PassEnd = "waits" | "finished" | "again" | "released" | "lost";

/**
 * The life of one pass through a handler: from its first line, over what is recorded, to where it waits or ends. The
 * handler is in memory while a step executes; as soon as there is nothing left but waiting, nothing holds it any more.
 * What becomes of its calls meanwhile is up to `HandlerCalls`.
 */
export class RunPass {
  readonly run: RunRow;
  readonly #services: PassServices;
  readonly #journal: RunJournal;
  readonly #history: RunHistory;
  readonly #calls = new OpenCalls(
    () => this.#rested(),
    (record) => this.#spare.keeps(record),
  );
  readonly #parts: PassParts;
  readonly #attempts: StepAttempts;
  readonly #spare: SpareEvents;
  readonly #waits: UnsavedWaits;
  readonly #handler: HandlerCalls;
  readonly #abort = new AbortController();
  readonly #end = Promise.withResolvers<PassEnd>();
  /** Since when the handler has awaited something of its own, in ms since the epoch. */
  #aloneSince: number | undefined;
  /** What is being written while the handler is in memory. */
  #saving: Promise<void> | undefined;
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
      listeners: new Listeners(
        () => this.#handler.where(),
        (call) => this.#waits.recall(call),
      ),
      refresh: () => this.refresh(),
      giveUp: (error) => this.#giveUp(error),
    };
    this.#attempts = new StepAttempts(this.#parts);
    this.#spare = new SpareEvents(this.#parts);
    this.#waits = new UnsavedWaits(this.#parts, this.#spare);
    this.#handler = new HandlerCalls({
      ...this.#parts,
      attempts: this.#attempts,
      waits: this.#waits,
      signal: this.#abort.signal,
      closed: () => this.#closed,
      called: () => {
        this.#aloneSince = undefined;
      },
      fail: (reason) => this.#fail(reason),
    });
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
        createRunContext(this.#handler, this.#services.ctx, workflow.defaults),
        JSON.parse(this.run.input),
        this.#history.interrupt,
      );
    this.#calls.review();
    this.#handler.enter(this.#handler.scope, call).then(
      (output) => this.#finish(() => ({ status: "completed", output: jsonText(output, "The handler") })),
      (error) => this.#fail(error),
    );
    return this.#end.promise;
  }

  /** Fails the run when its handler has awaited something of its own for that long. */
  failIfStalled(ms: number): void {
    if (this.#aloneSince === undefined || this.#services.ctx.clock.now() - this.#aloneSince < ms) return;
    this.#fail(new HandlerStalledError(ms));
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
    else {
      const { unwoken } = this.#waits;
      if (unwoken) void this.#save(() => this.#waits.wakeFor(unwoken));
    }
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
    this.#saving = write();
    try {
      await this.#saving;
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#saving = undefined;
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
      // Until it is written what was asked, that can't be withdrawn.
      await this.#saving;
      const ended = resultOrFailure(result);
      if (ended.status === "failed") this.#waits.keepFailed();
      await this.#waits.withdraw();
      await this.#journal.finish(ended, this.asks);
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
}

function resultOrFailure(result: () => RunResult): RunResult {
  try {
    return result();
  } catch (error) {
    return { status: "failed", error: errorRecord(error) };
  }
}
