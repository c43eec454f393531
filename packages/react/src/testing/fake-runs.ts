import { HoldpointError, type Run } from "@holdpoint/core";

/** The runs of a fake server: they stand as they were given, but for being cancelled and retried. */
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

  /** The run is under way again; nothing more happens to it. */
  retry(id: string): Run {
    const { error: _, finishedAt, ...run } = this.get(id);
    if (run.status !== "failed") {
      throw new HoldpointError(finishedAt ? "already_resolved" : "invalid_request", `The run ${id} is ${run.status}.`);
    }
    return this.#store({ ...run, status: "running" });
  }

  cancel(id: string): Run {
    const run = this.get(id);
    if (run.finishedAt) throw new HoldpointError("already_resolved", `The run ${id} has ended.`);
    return this.#store({ ...run, status: "cancelled", finishedAt: this.#time() });
  }

  #store(run: Run): Run {
    const changed = { ...run, updatedAt: this.#time() };
    this.#runs.set(run.id, changed);
    return changed;
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
