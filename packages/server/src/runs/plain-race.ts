import type { RunScope } from "./run-scope.ts";

/** A `Promise.race` or `Promise.any`, as far as its members are results of the run. */
export class PlainRace {
  readonly #scope: RunScope;
  readonly #rejecting = new Set<unknown>();
  #members = 0;
  #confirmFirst: (() => void) | undefined;
  /** The name of the member that ended it; empty when that has none. */
  #winner: string | undefined;

  /** @param scope where it is */
  constructor(scope: RunScope) {
    this.#scope = scope;
  }

  /**
   * Takes in a member. One alone may be none: what an async function returns is listened to with resolving functions too,
   * and who read the `constructor` before may be somebody who awaits it.
   *
   * @param confirm forgets who read the `constructor`
   */
  join(confirm: () => void): void {
    if (this.#members++ === 0) this.#confirmFirst = confirm;
    else {
      this.#confirmFirst?.();
      this.#confirmFirst = undefined;
      confirm();
    }
  }

  /** Adds what a member would reject it by. */
  add(reject: unknown): void {
    this.#rejecting.add(reject);
  }

  /** Takes in how a member has ended. `Promise.any` has a rejecting function for each, and goes on after a rejection. */
  end(name: string | undefined, how: "fulfilled" | "rejected"): void {
    if (how === "fulfilled" || this.#rejecting.size === 1) this.#winner ??= name ?? "";
  }

  /** What came first instead of a member; undefined while it is open, or when the member itself did. */
  lostTo(member: string | undefined): string | undefined {
    if (this.#winner === undefined) return this.#scope.lostTo;
    return this.#winner === member ? undefined : this.#winner;
  }
}
