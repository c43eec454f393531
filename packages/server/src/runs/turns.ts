interface Result {
  turn: number;
  deliver: () => void;
}

/**
 * Hands results to a handler one at a time, in the order in which they became known, and lets everything that one sets
 * off come to rest before the next. So a replay sees what the first pass saw, and `Promise.race` is won by the same.
 */
export class Turns {
  readonly #rested: () => void;
  readonly #results: Result[] = [];
  /** Turns for which all later ones wait. */
  readonly #reserved = new Set<number>();
  #scheduled = false;

  /** @param rested called when nothing can be handed out and the handler's promise callbacks have run */
  constructor(rested: () => void) {
    this.#rested = rested;
  }

  /** Adds a result; `turn` is its place in the order. */
  offer(turn: number, deliver: () => void): void {
    const after = this.#results.findLastIndex((result) => result.turn <= turn);
    this.#results.splice(after + 1, 0, { turn, deliver });
    this.#reserved.delete(turn);
    this.schedule();
  }

  /** Keeps later results back until one with this turn is offered, or the turn is given up. */
  reserve(turn: number): void {
    this.#reserved.add(turn);
  }

  /** Lets others go on without a result that has this turn. */
  giveUp(turn: number): void {
    if (this.#reserved.delete(turn)) this.schedule();
  }

  /** Asks for another look, once the handler's promise callbacks have run. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A tick that is requested from a microtask comes after all microtasks, and before any I/O.
    queueMicrotask(() => process.nextTick(() => this.#next()));
  }

  #next(): void {
    this.#scheduled = false;
    const next = this.#results[0];
    if (!next || this.#isKeptBack(next)) {
      this.#rested();
      return;
    }
    this.#results.shift();
    next.deliver();
    this.schedule();
  }

  #isKeptBack(result: Result): boolean {
    return [...this.#reserved].some((turn) => turn < result.turn);
  }
}
