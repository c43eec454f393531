import type { Workflow } from "@holdpoint/core";
import { type Lease, leaseOf, type Pulse } from "./lease-table.ts";
import type { PassServices } from "./pass-parts.ts";
import { type PassEnd, RunPass } from "./run-pass.ts";
import type { RunRow } from "./run-record.ts";
import type { StepRecord } from "./step-record.ts";

/** Reads the steps of a run. */
type LoadSteps = (runId: string) => Promise<readonly StepRecord[]>;

/** A run that a worker has claimed. */
export class HeldRun {
  readonly run: RunRow;
  readonly lease: Lease;
  #steps: readonly StepRecord[] | undefined;
  #pass: RunPass | undefined;
  #lost = false;
  #released = false;
  /** Something was settled elsewhere before there was a pass to take it in. */
  #news = false;

  /** @param steps as recorded when it was claimed or later, where they are known */
  constructor(run: RunRow, steps?: readonly StepRecord[]) {
    this.run = run;
    this.lease = leaseOf(run);
    this.#steps = this.lease.claim === 1 ? [] : steps;
  }

  /** Whether it waits for others, besides what it executes. */
  get asks(): boolean {
    return this.#pass?.asks ?? false;
  }

  /** Passes through the handler until the run waits, has ended, or is not ours any more. */
  async execute(services: PassServices, workflow: Workflow, load: LoadSteps): Promise<Exclude<PassEnd, "again">> {
    let recorded = this.#steps ?? (await load(this.run.id));
    this.#steps = undefined;
    while (!this.#lost) {
      if (this.#released) return "released";
      this.#pass = new RunPass(services, this.run, recorded);
      const passing = this.#pass.execute(workflow);
      if (this.#news) void this.#pass.refresh();
      const end = await passing;
      if (end !== "again") return end;
      recorded = await load(this.run.id);
    }
    return "lost";
  }

  /** Takes in what was settled elsewhere. */
  refresh(): void {
    if (this.#pass) void this.#pass.refresh();
    else this.#news = true;
  }

  /** Takes in what the database says of the run; undefined when the lease has ended. */
  hear(pulse: Pulse | undefined): void {
    if (pulse?.claim !== this.lease.claim) this.lose();
    else if (this.#pass && pulse.settled > this.#pass.known) this.refresh();
  }

  /** Starts no further step, and gives the run up as soon as none is executing. */
  release(): void {
    this.#released = true;
    this.#pass?.release();
  }

  /** Tells steps that are executing to stop. */
  abort(reason: string): void {
    this.#pass?.abort(reason);
  }

  /** Fails the run when its handler has awaited something of its own for that long. */
  failIfStalled(ms: number): void {
    this.#pass?.failIfStalled(ms);
  }

  /** The run was cancelled, or is somebody else's. */
  lose(): void {
    this.#lost = true;
    this.#pass?.lose();
  }
}
