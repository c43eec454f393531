import { lostEvents } from "./lost-waits.ts";
import type { NewWait } from "./open-waits.ts";
import type { PassParts } from "./pass-parts.ts";
import type { StepRecord } from "./step-record.ts";

/**
 * Events of waits that have lost a race when those are due. Each is kept back from the handler until that listens again,
 * for the next wait may have it: then the one that lost waits on for one of its own.
 */
export class SpareEvents {
  readonly #parts: PassParts;
  /** Waits whose event is kept back. */
  readonly #kept = new Set<string>();
  /** Waits that others are about to take from, as far as they want what these have. */
  #giving: readonly string[] = [];

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  /** Whether a result that is due is kept back. */
  keeps({ name, eventSeq }: StepRecord): boolean {
    const { listeners } = this.#parts;
    if (eventSeq === undefined) return false;
    const isGiving = this.#giving.includes(name);
    if (!isGiving && listeners.lostTo(name) === undefined) return false;
    this.#kept.add(name);
    if (!isGiving) listeners.letGo(name);
    return true;
  }

  /** The handler listens to a wait again, and gets its event if none takes it just now. False when none was kept back. */
  recall(name: string): boolean {
    const { calls, history } = this.#parts;
    if (!this.#kept.has(name)) return false;
    if (this.#giving.includes(name)) return true;
    this.#kept.delete(name);
    calls.recall(name);
    const record = history.get(name);
    if (record) calls.offer(record);
    return true;
  }

  /** The waits that have lost, and whose events are for those that are opened now. */
  lostTo(opened: readonly NewWait[]): string[] {
    const events = new Set(opened.flatMap(({ step }) => step.event?.name ?? []));
    return events.size === 0 ? [] : lostEvents(this.#parts, [...this.#parts.calls.names, ...this.#kept], events);
  }

  /** Opens waits that may take what `lost` ones had: until that is known, the handler gets none of it. */
  async give(lost: readonly string[], open: () => Promise<StepRecord[]>): Promise<StepRecord[]> {
    this.#giving = lost;
    try {
      const steps = await open();
      for (const { name } of steps) if (lost.includes(name)) this.#waitOn(name, firstPlace(steps));
      return steps;
    } finally {
      this.#giving = [];
      for (const name of lost) if (this.#kept.has(name)) this.#parts.listeners.letGo(name);
    }
  }

  #waitOn(name: string, place: number): void {
    const { calls, history } = this.#parts;
    this.#kept.delete(name);
    history.reopen(name, place);
    calls.renew(name);
  }
}

/** The first of the places that these steps settled in. */
function firstPlace(steps: readonly StepRecord[]): number {
  return Math.min(...steps.flatMap(({ settled }) => settled ?? []));
}
