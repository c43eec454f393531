import type { Clock } from "../clock.ts";
import type { HeldRun } from "./held-run.ts";
import type { Lease, Pulse } from "./lease-table.ts";

/** The runs under a worker's claims: those that are executed, and those that queue until there is room for them. */
export class HeldRuns {
  readonly #clock: Clock;
  readonly #room: number;
  readonly #byId = new Map<string, HeldRun>();
  readonly #queue: HeldRun[] = [];
  readonly #executing = new Set<HeldRun>();
  #whenEmpty: (() => void)[] = [];

  /** @param room for how many to be executed at once */
  constructor(clock: Clock, room: number) {
    this.#clock = clock;
    this.#room = room;
  }

  get size(): number {
    return this.#byId.size;
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  get leases(): Lease[] {
    return [...this].map(({ lease }) => lease);
  }

  [Symbol.iterator](): Iterator<HeldRun> {
    return this.#byId.values();
  }

  get(runId: string): HeldRun | undefined {
    return this.#byId.get(runId);
  }

  /** Adds a run, in place of an earlier claim to it. */
  add(held: HeldRun): void {
    this.#byId.set(held.run.id, held);
  }

  /** Has a run wait for room. */
  queue(held: HeldRun): void {
    this.#queue.push(held);
  }

  /** Takes from the queue what there is room for; a run takes up its room until it is let go of. */
  begin(): HeldRun[] {
    const next = this.#queue.splice(0, this.#room - this.#executing.size);
    for (const held of next) this.#executing.add(held);
    return next;
  }

  /** Empties the queue. */
  takeQueued(): HeldRun[] {
    return this.#queue.splice(0);
  }

  letGo(held: HeldRun): void {
    this.#executing.delete(held);
    if (this.get(held.run.id) === held) this.#byId.delete(held.run.id);
    if (this.size === 0) for (const tell of this.#whenEmpty.splice(0)) tell();
  }

  /** Passes on what the database says of the runs with these leases: those that have no pulse are lost. */
  hear(leases: readonly Lease[], alive: readonly Pulse[]): void {
    const byRun = new Map(alive.map((pulse) => [pulse.runId, pulse]));
    for (const { runId, claim } of leases) {
      const held = this.get(runId);
      if (held?.lease.claim === claim) held.hear(byRun.get(runId));
    }
  }

  /** Whether all runs have been let go of before `ms` have passed. */
  emptyWithin(ms: number): Promise<boolean> {
    if (this.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, () => resolve(false));
      this.#whenEmpty.push(() => {
        cancel();
        resolve(true);
      });
    });
  }
}
