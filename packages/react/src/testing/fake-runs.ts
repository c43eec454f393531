import { HoldpointError, type Run } from "@holdpoint/core";

/** The runs of a fake server: they stand as they were given, but for being cancelled. */
export class FakeRuns {
  readonly #runs: Map<string, Run>;
  readonly #now: () => number;

  constructor(runs: readonly Run[], now: () => number) {
    this.#runs = new Map(runs.map((run) => [run.id, run]));
    this.#now = now;
  }

  /** Newest first, without their steps. */
  list(): Run[] {
    return [...this.#runs.values()].map(({ steps: _, ...run }) => run).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  get(id: string): Run {
    const run = this.#runs.get(id);
    if (run) return run;
    throw new HoldpointError("not_found", `There is no run ${id}.`);
  }

  cancel(id: string): Run {
    const run = this.get(id);
    if (run.finishedAt) throw new HoldpointError("already_resolved", `The run ${id} has ended.`);
    const now = new Date(this.#now()).toISOString();
    const cancelled: Run = { ...run, status: "cancelled", updatedAt: now, finishedAt: now };
    this.#runs.set(id, cancelled);
    return cancelled;
  }
}
