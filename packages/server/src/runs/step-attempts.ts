import { isoTime } from "../iso-time.ts";
import { noteStep, type PassParts, settleStep } from "./pass-parts.ts";
import { attemptStep, type StepCall } from "./step-attempt.ts";
import type { StepRecord } from "./step-record.ts";

/** The attempts that one pass makes at steps. */
export class StepAttempts {
  readonly #parts: PassParts;
  readonly #executing = new Set<string>();
  #released = false;

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  /** Whether no step is executing. */
  get idle(): boolean {
    return this.#executing.size === 0;
  }

  /** Whether no further step will be started. */
  get released(): boolean {
    return this.#released;
  }

  /** Starts no further step. */
  release(): void {
    this.#released = true;
  }

  /** Makes an attempt, unless the step has ended, is executing, or is to be tried again later. */
  startIfDue(step: StepCall): void {
    const { history, services } = this.#parts;
    const now = isoTime(services.ctx.clock.now());
    const record = history.get(step.name);
    const done = record?.settled !== undefined || record?.status === "cancelled" || this.#executing.has(step.name);
    const early = record?.wakeAt !== undefined && record.wakeAt > now;
    if (done || early || this.#released) return;
    const attempt = record
      ? { ...record, status: "running" as const, wakeAt: undefined, attempts: record.attempts + 1 }
      : history.reach(step.name, "step", now);
    this.#executing.add(step.name);
    void this.#make(attempt, step);
  }

  async #make(record: StepRecord, step: StepCall): Promise<void> {
    const { services, journal, history, calls, run } = this.#parts;
    try {
      const after = await attemptStep({ ...services, journal }, { run, record, step });
      if (after.settled === undefined) noteStep(this.#parts, after);
      else if (after.settled === history.known + 1) settleStep(this.#parts, after);
      else await this.#parts.refresh();
    } catch (error) {
      this.#parts.giveUp(error);
    }
    // Not before the history has it: a refresh that read the rows earlier would take the step for one to attempt.
    this.#executing.delete(step.name);
    calls.review();
  }
}
