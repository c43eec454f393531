import { StepError, type StepKind, withoutUndefined } from "@holdpoint/core";
import { isoTime } from "../iso-time.ts";
import { errorRecord } from "./error-record.ts";
import { isGate, isLostTimer, type LostGate } from "./lost-waits.ts";
import { GateRefusedError, type NewWait } from "./open-waits.ts";
import { noteStep, type PassParts } from "./pass-parts.ts";
import { earliest } from "./run-journal.ts";
import type { SpareEvents } from "./spare-events.ts";
import type { StepRecord } from "./step-record.ts";
import type { Dropped } from "./withdraw-steps.ts";

/** What a wait asks or how long it lasts. */
export type Wait = Pick<NewWait, "request" | "child" | "notice"> & Pick<StepRecord, "wakeAt" | "event">;

/** A call that was let go of, and whether what it was a part of has failed. */
type DroppedCall = LostGate & Pick<Dropped, "after"> & { failed: boolean };

/** The waits that a handler has opened, and those that it goes on without, until they are written. */
export class UnsavedWaits {
  readonly #parts: PassParts;
  readonly #spare: SpareEvents;
  #opened: NewWait[] = [];
  #dropped: DroppedCall[] = [];
  /** Gates that are not to be asked as yet. */
  #held: ReadonlySet<string> = new Set();
  /** Calls of branches that have lost, and whether they were written. */
  readonly #letGo = new Map<string, { asked: boolean; reason: string }>();
  /** When the run is woken at the latest. */
  #wakeAt: string | undefined;

  constructor(parts: PassParts, spare: SpareEvents) {
    this.#parts = parts;
    this.#spare = spare;
    this.#wakeAt = parts.run.wake_at ?? undefined;
  }

  /** Whether there are waits to open. */
  get opened(): boolean {
    return this.#opened.some(({ step }) => !this.#held.has(step.name));
  }

  /** Whether there are waits to withdraw. */
  get dropped(): boolean {
    return this.#dropped.length > 0;
  }

  /** The first wait to end by time that the run isn't woken for: it had lost a race when the run paused, and counts again. */
  get unwoken(): StepRecord | undefined {
    const { calls, history, listeners } = this.#parts;
    if (!listeners.raced) return undefined;
    const timed = calls.names.flatMap((name) => history.get(name) ?? []).filter(isTimed);
    const heard = timed.filter(({ name }) => !isLostTimer(this.#parts, name));
    const wakeAt = earliest(heard);
    if (wakeAt === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= wakeAt)) return undefined;
    return heard.find((step) => step.wakeAt === wakeAt);
  }

  /** The attempt number, from 1, with which the wait must be asked now; undefined when it needn't be. */
  due(name: string, kind: StepKind): number | undefined {
    const before = this.#parts.history.get(name);
    if (!before) return 1;
    return before.kind === kind && isToAskAgain(before) ? before.attempts + 1 : undefined;
  }

  /** Opens a wait. */
  add({ name, kind, asking }: { name: string; kind: StepKind; asking: number }, wait: Wait): void {
    const { request, child, notice, ...known } = wait;
    const before = this.#parts.history.get(name);
    const reached = before
      ? { ...before, attempts: asking, error: undefined }
      : this.#parts.history.reach(name, kind, this.#now());
    this.#opened.push({ step: { ...reached, ...known }, ...withoutUndefined({ request, child, notice }) });
  }

  /**
   * Lets go of calls: what waits is withdrawn, and what was not yet written never will be.
   *
   * @param failed whether what they were a part of has failed
   */
  drop(names: ReadonlySet<string>, { reason, failed }: { reason: string; failed: boolean }): void {
    const { calls, listeners } = this.#parts;
    const unsaved = new Set(this.#opened.map(({ step }) => step.name));
    this.#opened = this.#opened.filter(({ step }) => !names.has(step.name));
    const open = [...names].filter((name) => calls.drop(name));
    for (const name of open) {
      const asked = !unsaved.has(name);
      if (asked) this.#dropped.push({ name, reason, failed, after: calls.given });
      this.#letGo.set(name, { asked, reason });
    }
    for (const name of open) listeners.letGo(name);
  }

  /** The handler listens to a call that was let go of: it gets the outcome of what was asked, otherwise an error. */
  recall(name: string): void {
    if (this.#spare.recall(name)) return;
    const { calls, history } = this.#parts;
    const { asked = false, reason = "" } = this.#letGo.get(name) ?? {};
    const record = history.get(name);
    if (!record || !asked || !isGate(record.kind)) {
      calls.recall(name, new StepError(name, `"${name}" has no result. ${reason}`, record?.childRunId));
      return;
    }
    calls.recall(name);
    calls.offer(record);
  }

  /**
   * Withdraws gates that nobody listens to any more; the handler is given their outcomes all the same. One that has not
   * asked yet doesn't while that is so. True when other waits are to be opened first: they may end at once, and then the
   * handler may listen again.
   */
  leave(gates: readonly LostGate[]): boolean {
    this.#held = new Set(gates.map(({ name }) => name));
    const unsaved = new Set(this.#opened.map(({ step }) => step.name));
    const left = gates.filter(({ name }) => !unsaved.has(name));
    if (left.length > 0 && this.opened) return true;
    this.#dropped.push(...left.map((gate) => ({ ...gate, failed: false, after: this.#parts.calls.given })));
    return false;
  }

  /** Rows take over from here. False when something has settled, so that the run goes on. */
  async suspend(): Promise<boolean> {
    const { services, journal, history, calls } = this.#parts;
    const waits = this.#take();
    const open = calls.names.flatMap((name) => history.get(name) ?? []);
    // What has ended may be kept back from the handler still.
    const awaited = open.filter(({ settled }) => settled === undefined);
    const timers = [...awaited, ...waits.map(({ step }) => step)].filter(({ name }) => !isLostTimer(this.#parts, name));
    const wakeAt = earliest(timers);
    const lost = this.#spare.lostTo(waits);
    try {
      await services.failpoint?.("before-suspend");
      const { suspended } = await journal.open(waits, { lost, suspend: { known: history.known, wakeAt } });
      if (suspended && wakeAt !== undefined) services.wakeBy(wakeAt);
      return suspended;
    } catch (error) {
      if (!(error instanceof GateRefusedError)) throw error;
      await this.#refuse(error);
      return false;
    }
  }

  /** Waits become visible while a step is still executing. */
  async open(): Promise<void> {
    const { journal, refresh } = this.#parts;
    const waits = this.#take();
    const lost = this.#spare.lostTo(waits);
    try {
      const steps = await this.#spare.give(lost, async () => (await journal.open(waits, { lost })).steps);
      for (const step of steps) noteStep(this.#parts, step);
      this.#wokenBy(earliest(steps));
      if (steps.some(({ settled }) => settled !== undefined)) await refresh();
    } catch (error) {
      if (!(error instanceof GateRefusedError)) throw error;
      this.#putBack(waits.filter(({ step }) => step.name !== error.step.name));
      await this.#refuse(error);
      await refresh();
    }
  }

  /** Has the run woken for a wait. */
  async wakeFor(step: StepRecord): Promise<void> {
    await this.#parts.journal.note(step);
    noteStep(this.#parts, step);
    this.#wokenBy(step.wakeAt);
  }

  /** Withdraws what the run goes on without. */
  async withdraw(): Promise<void> {
    const { services, journal, history } = this.#parts;
    const open = this.#dropped.splice(0).flatMap(({ name, reason, after }) => {
      const step = history.get(name);
      return step && isToWithdraw(step) ? { step, reason, after } : [];
    });
    if (open.length === 0) return;
    await services.failpoint?.("before-withdraw");
    for (const step of await journal.withdraw(open)) noteStep(this.#parts, step);
  }

  /** The run fails, and what it let go of by failing ends with it: a retry takes that up again. */
  keepFailed(): void {
    this.#dropped = this.#dropped.filter(({ failed }) => !failed);
  }

  /** What is to be opened now. */
  #take(): NewWait[] {
    const waits = this.#opened.filter(({ step }) => !this.#held.has(step.name));
    this.#opened = this.#opened.filter(({ step }) => this.#held.has(step.name));
    return waits;
  }

  /** Has waits opened later, but for those that were let go of meanwhile: they end as if they had been let go of before. */
  #putBack(waits: readonly NewWait[]): void {
    for (const wait of waits) {
      const { name } = wait.step;
      const gone = this.#letGo.get(name);
      if (!gone) {
        this.#opened.push(wait);
        continue;
      }
      this.#letGo.set(name, { ...gone, asked: false });
      this.#dropped = this.#dropped.filter((dropped) => dropped.name !== name);
      const isHeard = this.#parts.calls.drop(name);
      if (isHeard) this.recall(name);
    }
  }

  async #refuse({ step, cause }: GateRefusedError): Promise<void> {
    const failed = { ...step, status: "failed" as const, error: errorRecord(cause), finishedAt: this.#now() };
    await this.#parts.journal.settle(failed);
  }

  #wokenBy(at: string | undefined): void {
    this.#wakeAt = earliest([{ wakeAt: this.#wakeAt }, { wakeAt: at }]);
  }

  #now(): string {
    return isoTime(this.#parts.services.ctx.clock.now());
  }
}

/** A wait that is written and ends by time. */
function isTimed({ kind, status, settled, wakeAt }: StepRecord): boolean {
  const isOpen = status === "waiting" && settled === undefined && wakeAt !== undefined;
  return isOpen && (kind === "sleep" || kind === "event");
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
