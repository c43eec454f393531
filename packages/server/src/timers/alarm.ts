import type { Clock } from "../clock.ts";

/** Strikes once, at the earliest of the times that it was set to; then it can be set again. */
export class Alarm {
  readonly #clock: Clock;
  readonly #strike: () => void;
  #set: { at: number; cancel: () => void } | undefined;

  constructor(clock: Clock, strike: () => void) {
    this.#clock = clock;
    this.#strike = strike;
  }

  /** Makes it strike at `at`, in ms since the epoch, or earlier. Timers hold 24.8 days at most: later times are the caller's. */
  by(at: number): void {
    if (this.#set && this.#set.at <= at) return;
    this.clear();
    const cancel = this.#clock.after(Math.max(at - this.#clock.now(), 0), () => {
      this.#set = undefined;
      this.#strike();
    });
    this.#set = { at, cancel };
  }

  clear(): void {
    this.#set?.cancel();
    this.#set = undefined;
  }
}
