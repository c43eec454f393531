import type { Context } from "../context.ts";
import { keepProcess } from "../keep-process.ts";
import { Alarm } from "../timers/alarm.ts";
import { endedAmong } from "./runs-table.ts";

/** Commits that come together are looked at together, in ms. */
const gatherMs = 100;

/**
 * Tells who waits for runs that they have ended: at once of those that end in this process, and by looking at the
 * database for all that are waited for, after commits, of those that end in others.
 */
export class RunWaiters {
  readonly #ctx: Context;
  readonly #alarm: Alarm;
  /** What to call, by run id. */
  readonly #waiting = new Map<string, Set<() => void>>();
  #stopListening: (() => void) | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.#alarm = new Alarm(ctx.clock, () => void this.#look());
  }

  /** Told of runs that have ended in this process. */
  ended(runId: string): void {
    for (const tell of this.#waiting.get(runId) ?? []) tell();
  }

  /**
   * Resolves once the run has ended or `ms` have passed, and rejects with the signal's reason. The process goes on meanwhile.
   *
   * @param hasEnded looked at once, after listening has begun, so that an end in between is not missed
   */
  async wait(
    runId: string,
    { ms, signal, hasEnded }: { ms: number; signal?: AbortSignal; hasEnded: () => Promise<boolean> },
  ): Promise<void> {
    signal?.throwIfAborted();
    const { promise: over, resolve: tell } = Promise.withResolvers<void>();
    const giveUp = () => tell();
    const stopTimer = this.#ctx.clock.after(ms, tell);
    const letProcessEnd = keepProcess();
    signal?.addEventListener("abort", giveUp);
    this.#add(runId, tell);
    try {
      if (!(await hasEnded())) await over;
      signal?.throwIfAborted();
    } finally {
      stopTimer();
      letProcessEnd();
      signal?.removeEventListener("abort", giveUp);
      this.#remove(runId, tell);
    }
  }

  #add(runId: string, tell: () => void): void {
    const others = this.#waiting.get(runId);
    if (others) others.add(tell);
    else this.#waiting.set(runId, new Set([tell]));
    const { store, clock } = this.#ctx;
    if (store.engine === "postgres")
      this.#stopListening ??= store.onCommit(() => this.#alarm.by(clock.now() + gatherMs));
  }

  #remove(runId: string, tell: () => void): void {
    const all = this.#waiting.get(runId);
    all?.delete(tell);
    if (all?.size === 0) this.#waiting.delete(runId);
    if (this.#waiting.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  async #look(): Promise<void> {
    if (this.#waiting.size === 0) return;
    try {
      for (const id of await endedAmong(this.#ctx.store.reader, [...this.#waiting.keys()])) this.ended(id);
    } catch (error) {
      this.#ctx.logger.warn({ err: error }, "can't look whether runs have ended");
    }
  }
}
