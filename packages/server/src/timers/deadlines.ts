import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { Alarm } from "./alarm.ts";

/** Things that are due at some time, kept in the database. */
export interface DeadlineSource {
  /** When the next one is due, ISO 8601; undefined when none will be. */
  next(): Promise<string | undefined>;
  /** Does what is due at `now` and returns whether there may be more. Doing so twice must be harmless. */
  strike(now: string): Promise<boolean>;
}

/** The clock of everything that happens by itself: one timer for all deadlines. */
export interface Deadlines {
  add(source: DeadlineSource): void;
  start(): void;
  /** Makes sure that a deadline just made is met, even if no commit announces it. */
  nudge(at: string): void;
  /** Waits for what is being done. */
  stop(): Promise<void>;
}

/** At most this long between two looks, in ms: clocks jump, and other nodes die. Timers can't hold over 24.8 days. */
const longestSleepMs = 15_000;
/** Commits that come together are looked at together, in ms. */
const gatherMs = 500;
/** Wait after the database failed, in ms. */
const retryMs = 1_000;

/** The deadlines of a server. What is due is decided by the injected clock and the database, never by the timer. */
export function createDeadlines(ctx: Context): Deadlines {
  return new DeadlineTimer(ctx);
}

class DeadlineTimer implements Deadlines {
  readonly #ctx: Context;
  readonly #alarm: Alarm;
  readonly #sources: DeadlineSource[] = [];
  #started = false;
  #looking: Promise<void> | undefined;
  /** The alarm struck while we were looking. */
  #again = false;
  #unsubscribe = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.#alarm = new Alarm(ctx.clock, () => this.#look());
  }

  add(source: DeadlineSource): void {
    this.#sources.push(source);
  }

  start(): void {
    this.#started = true;
    this.#unsubscribe = this.#ctx.store.onCommit(() => this.#lookBy(this.#ctx.clock.now() + gatherMs));
    this.#look();
  }

  nudge(at: string): void {
    this.#lookBy(Date.parse(at));
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#unsubscribe();
    this.#alarm.clear();
    await this.#looking;
  }

  #lookBy(at: number): void {
    if (this.#started) this.#alarm.by(Math.min(at, this.#ctx.clock.now() + longestSleepMs));
  }

  #look(): void {
    this.#alarm.clear();
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#strikeAll().then((next) => {
      this.#looking = undefined;
      const again = this.#again;
      this.#again = false;
      this.#lookBy(again ? this.#ctx.clock.now() : next);
    });
  }

  /** Does all that is due; returns when to look again. */
  async #strikeAll(): Promise<number> {
    const next = await Promise.all(this.#sources.map((source) => this.#strike(source)));
    return Math.min(...next);
  }

  /** Never rejects, so that one source's trouble leaves the others alone. */
  async #strike(source: DeadlineSource): Promise<number> {
    const { clock, logger } = this.#ctx;
    try {
      while (this.#started && (await source.strike(isoTime(clock.now()))));
      const next = await source.next();
      return next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next);
    } catch (error) {
      logger.error({ err: error }, "can't meet deadlines");
      return clock.now() + retryMs;
    }
  }
}
