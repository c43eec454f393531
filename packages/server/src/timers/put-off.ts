import type { Approval } from "@holdpoint/core";
import type { Clock } from "../clock.ts";

/** Approvals that are remembered; more than that are looked at every time. */
const most = 10_000;

/** Approvals that are due, but not to be looked at again before some time. */
export class PutOff {
  readonly #clock: Clock;
  /** Until when, in ms since the epoch, by id. */
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets those whose time has come, and says whether there are others. */
  forget(): boolean {
    for (const [id, until] of this.#until) if (until <= this.#clock.now()) this.#until.delete(id);
    return this.#until.size > 0;
  }

  has(id: string): boolean {
    return (this.#until.get(id) ?? 0) > this.#clock.now();
  }

  /** Puts an approval off until then, in ms since the epoch, or until it ends. */
  add({ id, leaseUntil, deadlineAt }: Approval, until: number): void {
    const ends = [leaseUntil, deadlineAt].flatMap((at) => (at === undefined ? [] : Date.parse(at)));
    if (this.#until.size < most) this.#until.set(id, Math.min(until, ...ends));
  }
}
