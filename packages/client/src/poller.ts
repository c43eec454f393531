import type { Subscription } from "@holdpoint/core";
import { type Backoff, fullJitter } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** What a poller works with. */
export interface PollerOptions {
  clock: Clock;
  random: () => number;
  /** Asks for what came since the last answer. */
  ask: (signal: AbortSignal) => Promise<Subscription>;
  answered: (answer: Subscription, askedAt: number) => void;
  failed: (error: unknown) => void;
}

/** Between polls, ms, while they succeed. */
const everyMs = 5_000;
const backoff: Backoff = { baseMs: 5_000, capMs: 60_000 };

/** Follows the feed by asking again and again, for networks that let no live connection through. */
export class Poller {
  readonly #options: PollerOptions;
  #abort: AbortController | undefined;
  #cancelNext: (() => void) | undefined;
  #failures = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Whether it has been started. */
  get active(): boolean {
    return this.#abort !== undefined;
  }

  start(): void {
    if (this.active) return;
    this.#failures = 0;
    this.#abort = new AbortController();
    void this.#poll(this.#abort.signal);
  }

  stop(): void {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
  }

  /** Asks now instead of at the next turn. */
  hurry(): void {
    if (!this.#abort || !this.#cancelNext) return;
    this.#cancelNext();
    this.#cancelNext = undefined;
    void this.#poll(this.#abort.signal);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const more = await this.#ask(signal);
    if (signal.aborted) return;
    if (more) return this.#poll(signal);
    const { clock, random } = this.#options;
    const waitMs = this.#failures > 0 ? fullJitter(this.#failures, backoff, random) : everyMs * (0.8 + 0.4 * random());
    this.#cancelNext = clock.after(waitMs, () => {
      this.#cancelNext = undefined;
      void this.#poll(signal);
    });
  }

  /** Resolves with whether there is more to ask for at once. */
  async #ask(signal: AbortSignal): Promise<boolean> {
    const { clock, ask, answered, failed } = this.#options;
    const askedAt = clock.now();
    try {
      const answer = await ask(signal);
      if (signal.aborted) return false;
      this.#failures = 0;
      answered(answer, askedAt);
      return "changes" in answer && answer.more === true;
    } catch (error) {
      if (signal.aborted) return false;
      this.#failures += 1;
      failed(error);
      return false;
    }
  }
}
