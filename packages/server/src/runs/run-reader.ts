import type { Store } from "../store/store.ts";
import { gathered } from "./gathered.ts";
import type { RunRow, StoredRun } from "./run-record.ts";
import { runsById } from "./runs-table.ts";
import type { StepRecord } from "./step-record.ts";
import { stepsOf } from "./steps-table.ts";

/** Reads runs of all tenants; those that are asked for together, by one commit say, with one query. */
export class RunReader {
  readonly row: (runId: string) => Promise<RunRow | undefined>;
  readonly #steps: (runId: string) => Promise<StepRecord[] | undefined>;

  constructor(store: Pick<Store, "reader">) {
    this.row = gathered((runIds) => runsById(store.reader, runIds));
    this.#steps = gathered((runIds) => stepsOf(store.reader, runIds));
  }

  /** The steps of a run, in the order they were reached. */
  async steps(runId: string): Promise<readonly StepRecord[]> {
    return (await this.#steps(runId)) ?? [];
  }

  /** A run and, read beside it, its steps. */
  async run(runId: string): Promise<StoredRun | undefined> {
    const [row, steps] = await Promise.all([this.row(runId), this.steps(runId)]);
    return row && { row, steps };
  }
}
