import { type Json, NonRetriableError, type StepKind } from "@holdpoint/core";
import { isoTime } from "../iso-time.ts";
import type { FirstBranch } from "./branch-race.ts";
import { wentOnWithout } from "./lost-waits.ts";
import type { PassParts } from "./pass-parts.ts";
import { ReplayError } from "./replay-error.ts";
import type { RunRow } from "./run-record.ts";
import { type Called, RunScope } from "./run-scope.ts";
import type { StepCall } from "./step-attempt.ts";
import type { StepAttempts } from "./step-attempts.ts";
import { createStepNames, isLogName, logName } from "./step-names.ts";
import type { UnsavedWaits, Wait } from "./unsaved-waits.ts";
import type { Workflows } from "./workflows.ts";

/** The pass that a handler makes its calls in. */
export interface CallingPass extends PassParts {
  attempts: StepAttempts;
  waits: UnsavedWaits;
  /** Aborted when the run is cancelled, has moved elsewhere, or the worker is in a hurry to stop. */
  signal: AbortSignal;
  /** Whether nothing that the handler still does counts. */
  closed: () => boolean;
  /** Told of each call that counts, before anything is done about it. */
  called: () => void;
  /** Fails the run. */
  fail: (reason: unknown) => void;
}

/**
 * The calls that a handler makes in one pass. Each gets a name that no other has and belongs to the scope that it is
 * made in; it gives the result that is recorded of it, or begins an attempt or a wait that will have one.
 */
export class HandlerCalls {
  /** The calls of the handler itself. */
  readonly scope = new RunScope();
  readonly #pass: CallingPass;
  readonly #unique = createStepNames();

  constructor(pass: CallingPass) {
    this.#pass = pass;
  }

  get run(): RunRow {
    return this.#pass.run;
  }

  get signal(): AbortSignal {
    return this.#pass.signal;
  }

  /** What the run can invoke. */
  get workflows(): Workflows {
    return this.#pass.services.workflows;
  }

  /** Where the code is that runs: in a scope, or in a branch of it. */
  where(scope = this.scope): RunScope {
    const code = this.#pass.services.running.getStore();
    return code && scope.holds(code.scope) ? code.scope : scope;
  }

  /** Calls the handler, or a branch of it; what that calls is a part of it, whichever context it calls. */
  enter<T>(scope: RunScope, call: () => Promise<T>): Promise<T> {
    return this.#pass.services.running.run({ runId: this.run.id, scope }, call);
  }

  /** Makes a call in the scope of its context, or in the branch of it that calls: that may call the outer context too. */
  within<T>(scope: RunScope, called: Called, call: (at: RunScope) => Promise<T>): Promise<T> {
    const step = this.#stepIn();
    if (step !== undefined) return Promise.reject(calledInStep(called, step));
    const at = this.where(scope);
    return at.closed ? never() : this.#pass.listeners.hear(() => call(at), at.isBranch);
  }

  /** Lets go of a branch, and withdraws what it still waits for. */
  drop(scope: RunScope, { branch, failed }: FirstBranch): void {
    this.#pass.waits.drop(new Set(scope.close(branch)), { reason: wentOnWithout(branch), failed });
    this.#pass.calls.review();
  }

  /** One step of the handler: its recorded result, or an attempt. */
  step(at: RunScope, name: string, fn: StepCall["fn"], options: StepCall["options"]): Promise<Json | undefined> {
    const { attempts, services } = this.#pass;
    const unique = this.#nameOf(name);
    const code = { runId: this.run.id, scope: at, step: unique };
    const call: StepCall["fn"] = (context) => services.running.run(code, fn, context);
    const step = { name: unique, fn: call, options, signal: at.signal(this.signal) };
    return this.#call(at, unique, "step", () => attempts.startIfDue(step), step);
  }

  /** One wait of the handler: its recorded result, or a row that will get one. `wait` is told the name that it has. */
  wait(
    at: RunScope,
    kind: StepKind,
    name: string,
    wait: (unique: string, asked: number) => Wait,
  ): Promise<Json | undefined> {
    const { closed, waits } = this.#pass;
    const unique = this.#nameOf(name);
    const asking = closed() ? undefined : waits.due(unique, kind);
    const asked = asking && { asking, wait: wait(unique, asking) };
    return this.#call(at, unique, kind, () => {
      if (asked) waits.add({ name: unique, kind, asking: asked.asking }, asked.wait);
    });
  }

  /** Adds an entry to the run's steps; it is written with whatever the run writes next. */
  log(scope: RunScope, output: Json): void {
    const { closed, fail, history, journal, services } = this.#pass;
    if (closed() || this.where(scope).closed) return;
    const step = this.#stepIn();
    // A replay doesn't call a step's function: what it logs is new, and must not shift the numbers of the handler's.
    const name = step === undefined ? "log" : logName(step);
    let unique = this.#unique(name);
    let record = history.get(unique);
    while (record && (step !== undefined || history.isOfEarlierCall(record, output))) {
      unique = this.#unique(name);
      record = history.get(unique);
    }
    if (!record) journal.log({ ...history.reach(unique, "log", isoTime(services.ctx.clock.now())), output });
    else if (record.kind !== "log") fail(new ReplayError(record, "log"));
  }

  /** A name for a step or wait, other than those that steps' log entries took: a replay doesn't log those again. */
  #nameOf(name: string): string {
    let unique = this.#unique(name);
    while (isLogName(unique) && this.#pass.history.get(unique)?.kind === "log") unique = this.#unique(name);
    return unique;
  }

  /** The step of this run whose function it is that runs, if it is one. */
  #stepIn(): string | undefined {
    const code = this.#pass.services.running.getStore();
    return code && this.scope.holds(code.scope) ? code.step : undefined;
  }

  #call(at: RunScope, name: string, kind: StepKind, start: () => void, step?: StepCall): Promise<Json | undefined> {
    const { closed, called, fail, history, calls, listeners } = this.#pass;
    if (closed()) return never();
    called();
    at.add(name);
    listeners.name(name);
    const record = history.get(name);
    if (record && record.kind !== kind) {
      fail(new ReplayError(record, kind));
      return never();
    }
    const result = calls.open(name, step, record);
    if (record?.settled === undefined) start();
    else calls.offer(record);
    return result;
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
