import type { HoldpointError, Run } from "@holdpoint/core";
import type { Clock } from "./clock.ts";
import { type Cell, createCell, type Readable } from "./readable.ts";
import { asHoldpointError } from "./response-error.ts";

/** One run as the live store knows it. */
export interface RunEntry {
  status: "loading" | "ready" | "error";
  run?: Run;
  /** Why the run could not be read, or why what was asked of it last failed. */
  error?: HoldpointError;
}

/** What an observed run works with. */
export interface RunHost {
  readonly clock: Clock;
  /** The server's time, ms since the epoch, as far as it is known. */
  now(): number;
  readRun(id: string): Promise<Run>;
  /** Whether anything may be read now. */
  mayReadRun(): boolean;
  /** Somebody looks at the run now, or nobody does any more. */
  watchRun(observed: ObservedRun, watched: boolean): void;
}

/** How often a run that executes is read, ms: the feed carries its approvals, not its steps. */
const executingMs = 1_000;

/** How often a run that waits is read at the least, ms. */
const waitingMs = 15_000;

/**
 * One run that somebody looks at. Read at once when an approval of it changes, when something it waits for is due and
 * while it executes; not at all once it has ended, nor while nobody looks.
 */
export class ObservedRun implements Readable<RunEntry> {
  readonly id: string;
  readonly #host: RunHost;
  readonly #cell: Cell<RunEntry>;
  #watched = false;
  #reading = false;
  /** Something happened while it was being read. */
  #readAgain = false;
  #stopTimer = () => {};

  constructor(id: string, host: RunHost) {
    this.id = id;
    this.#host = host;
    this.#cell = createCell<RunEntry>(
      { status: "loading" },
      { onWatched: () => this.#watch(true), onUnwatched: () => this.#watch(false) },
    );
  }

  get = (): RunEntry => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /**
   * Reads the run, if somebody looks at it.
   *
   * @param error why what was asked of it failed: shown together with what is read
   */
  async read(error?: HoldpointError): Promise<void> {
    if (!this.#watched || !this.#host.mayReadRun()) return;
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    this.#reading = true;
    try {
      do {
        this.#readAgain = false;
        this.#cell.set({ status: "ready", run: await this.#host.readRun(this.id), error });
      } while (this.#readAgain);
    } catch (thrown) {
      this.fail(asHoldpointError(thrown));
    } finally {
      this.#reading = false;
    }
    this.#schedule();
  }

  /** Shows a run that was changed from here, and follows it from there on. */
  changed(run: Run): void {
    this.#cell.set({ status: "ready", run });
    this.#schedule();
  }

  /** Shows why something failed; what was there before stays. */
  fail(error: HoldpointError): void {
    const { run } = this.get();
    this.#cell.set({ status: run ? "ready" : "error", run, error });
  }

  /** Calls off the next reading. */
  rest(): void {
    this.#stopTimer();
  }

  #watch(watched: boolean): void {
    this.#watched = watched;
    this.#host.watchRun(this, watched);
    if (watched) void this.read();
    else this.rest();
  }

  #schedule(): void {
    this.#stopTimer();
    const { run, error } = this.get();
    if (!this.#watched || error?.code === "not_found" || run?.finishedAt !== undefined) return;
    this.#stopTimer = this.#host.clock.after(this.#pauseMs(run), () => void this.read());
  }

  #pauseMs(run: Run | undefined): number {
    if (run?.status === "running" || run?.status === "queued") return executingMs;
    const dueIn = (run?.steps ?? []).flatMap(({ status, wakeAt }) =>
      status === "waiting" && wakeAt ? Date.parse(wakeAt) - this.#host.now() : [],
    );
    return Math.max(executingMs, Math.min(waitingMs, ...dueIn));
  }
}
