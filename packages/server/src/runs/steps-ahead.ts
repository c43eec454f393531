import type { Json } from "@holdpoint/core";
import type { StepRecord } from "./step-record.ts";

/** A gate that has just been settled, and its place among the settled steps of its run. */
export interface SettledGate {
  name: string;
  approvalId: string;
  /** As JSON. */
  output: string;
  settled: number;
  /** ISO 8601. */
  now: string;
}

/**
 * The steps of a run that waits, read while the commit is being made that settles one of its gates and sets it going:
 * syncing to the disk takes longer than reading. The gate's own result is known without being read.
 */
export class StepsAhead {
  readonly #load: () => Promise<StepRecord[]>;
  readonly #gate: SettledGate;
  #reading: Promise<StepRecord[] | undefined> | undefined;

  constructor(load: () => Promise<StepRecord[]>, gate: SettledGate) {
    this.#load = load;
    this.#gate = gate;
  }

  /** Begins to read. */
  read(): void {
    this.#reading = this.#load().catch(() => undefined);
  }

  /** The steps as they are after the commit; undefined when what was read doesn't tell. */
  async steps(): Promise<StepRecord[] | undefined> {
    const steps = await this.#reading;
    return steps && withSettled(steps, this.#gate);
  }
}

/** Nothing else may have been settled in between: what the gate's place doesn't follow on isn't the whole story. */
function withSettled(
  steps: StepRecord[],
  { name, approvalId, output, settled, now }: SettledGate,
): StepRecord[] | undefined {
  const at = steps.findIndex((step) => step.name === name);
  const gate = steps[at];
  if (!gate || gate.approvalId !== approvalId) return undefined;
  if (gate.settled !== undefined) return steps;
  if (settled !== lastSettled(steps) + 1) return undefined;
  return steps.with(at, { ...gate, status: "completed", output: JSON.parse(output) as Json, settled, finishedAt: now });
}

function lastSettled(steps: readonly StepRecord[]): number {
  return steps.reduce((last, step) => Math.max(last, step.settled ?? 0), 0);
}
