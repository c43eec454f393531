interface Result {
  settled: number;
  deliver: () => void;
}

/**
 * Hands results to a handler one at a time, in the order in which they became known, and lets everything that one sets
 * off come to rest before the next. So a replay sees what the first pass saw, and `Promise.race` is won by the same.
 */
export class Turns {
  readonly #rested: () => void;
  readonly #results: Result[] = [];
  #scheduled = false;

  /** @param rested called when nothing is left to hand out and the handler's promise callbacks have run */
  constructor(rested: () => void) {
    this.#rested = rested;
  }

  /** Adds a result; `settled` is its place in the order. */
  offer(settled: number, deliver: () => void): void {
    const after = this.#results.findLastIndex((result) => result.settled <= settled);
    this.#results.splice(after + 1, 0, { settled, deliver });
    this.schedule();
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
    const result = this.#results.shift();
    if (!result) {
      this.#rested();
      return;
    }
    result.deliver();
    this.schedule();
  }
}
