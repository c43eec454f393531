import { LRUCache } from "lru-cache";
import type { HeldRun } from "./held-run.ts";
import type { StoredRun } from "./run-record.ts";
import { RunVisits } from "./run-visits.ts";
import type { GateResult, SettledRun } from "./settle-gate.ts";

/** How much is kept, in characters of JSON: some thousand runs of ordinary size. */
const keptLength = 2_000_000;

/** A waiting run. */
export interface ParkedRun extends StoredRun {
  ahead?: HeadStart;
}

/** A run that has begun to go on ahead of the commit that is to claim it. Should that fail, the next one can have it. */
export interface HeadStart {
  held: HeldRun;
  /** What that commit brings. */
  result: GateResult;
  /** What that makes of the run; undefined when it doesn't wait at that gate. */
  settled: SettledRun | undefined;
}

/** How waiting runs are read. */
export interface ParkedRunsOptions {
  read: (runId: string) => Promise<ParkedRun | undefined>;
  failed: (runId: string, error: unknown) => void;
}

/**
 * Waiting runs as they are stored, read when they began to wait, so that a run decided soon after goes on without being
 * read: saves about 0.3 ms of a decision. For a database that nobody else writes to: `take` must be called for whatever
 * happens to a run.
 */
export class ParkedRuns {
  readonly #visits: RunVisits<ParkedRun | undefined>;
  readonly #kept = new LRUCache<string, ParkedRun>({
    maxSize: keptLength,
    sizeCalculation: lengthOf,
    dispose: ({ ahead }, _runId, reason) => {
      if (reason !== "delete") ahead?.held.lose();
    },
  });

  constructor({ read, failed }: ParkedRunsOptions) {
    const found = (runId: string, run: ParkedRun | undefined) => {
      if (run?.row.status === "waiting") this.#kept.set(runId, run);
    };
    this.#visits = new RunVisits<ParkedRun | undefined>({ read, found, failed });
  }

  /** Call for runs that may have begun to wait. */
  park(runId: string): void {
    this.#visits.visit(runId);
  }

  /** A run as it stands, if known. */
  get(runId: string): ParkedRun | undefined {
    return this.#kept.get(runId);
  }

  /** Call after every commit that changes a run: forgets it, and returns it as it was if known. */
  take(runId: string): ParkedRun | undefined {
    this.#visits.takenUp(runId);
    const run = this.#kept.get(runId);
    this.#kept.delete(runId);
    return run;
  }

  /** Gives up what was begun ahead, and resolves when nothing is being read. */
  async ended(): Promise<void> {
    for (const { ahead } of this.#kept.values()) ahead?.held.lose();
    await this.#visits.ended();
  }
}

function lengthOf({ row, steps }: StoredRun): number {
  return row.input.length + JSON.stringify(steps).length;
}
