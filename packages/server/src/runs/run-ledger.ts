import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import type { Rouser } from "./claims-table.ts";
import { type FinishedRun, finishRuns, LeasesLostError } from "./finish-runs.ts";
import { LeaseLostError, leaseOf, settleUnder } from "./lease-table.ts";
import type { StepRecord } from "./step-record.ts";
import { saveSteps } from "./steps-table.ts";
import { Together } from "./together.ts";

/** Writes what happens to the runs of one worker; what happens to several at once is written together. */
export interface RunLedger {
  /**
   * Records how a step ended; returns the record with its place among the settled ones.
   *
   * @throws {LeaseLostError}
   */
  settle(run: WrittenRun, step: StepRecord): Promise<StepRecord>;
  /**
   * Ends a run that asks nothing.
   *
   * @throws {LeaseLostError}
   */
  finish(finished: FinishedRun): Promise<void>;
}

/** A run, and what its handler has logged since its last write. */
export type WrittenRun = Pick<FinishedRun, "run" | "logged">;

interface EndedStep extends WrittenRun {
  step: StepRecord;
}

/** The ledger of a worker. */
export function createRunLedger(ctx: Context, rouser: Rouser): RunLedger {
  const runId = ({ run }: WrittenRun) => run.id;
  const steps = new Together<EndedStep, StepRecord>(runId, (ended) =>
    ctx.store.write((tx) => settleSteps(tx, ended, isoTime(ctx.clock.now()))),
  );
  const runs = new Together<FinishedRun, void>(runId, (finished) => finishHeld(ctx, rouser, finished));
  return {
    settle: (run, step) => steps.call({ ...run, step }),
    finish: (finished) => runs.call(finished),
  };
}

/** One step per run, so that each has a place of its own. */
async function settleSteps(
  tx: Transaction,
  ended: readonly EndedStep[],
  now: string,
): Promise<(StepRecord | LeaseLostError)[]> {
  const leases = ended.map(({ run }) => leaseOf(run));
  const places = await settleUnder(tx, leases, now);
  const held = ended.flatMap(({ run, step, logged }) => {
    const settled = places.get(run.id);
    return settled === undefined ? [] : { runId: run.id, step: { ...step, settled }, logged };
  });
  const logged = held.flatMap(({ runId, logged }) => logged.map((step) => ({ runId, step })));
  await saveSteps(tx, [...logged, ...held]);
  const saved = new Map(held.map(({ runId, step }) => [runId, step]));
  return leases.map((lease) => saved.get(lease.runId) ?? new LeaseLostError(lease));
}

/** Ends those that are still ours. */
async function finishHeld(
  ctx: Context,
  rouser: Rouser,
  finished: readonly FinishedRun[],
): Promise<(undefined | LeaseLostError)[]> {
  const lost = new Set<string>();
  for (;;) {
    const held = finished.filter(({ run }) => !lost.has(run.id));
    try {
      if (held.length > 0) await ctx.store.write((tx) => finishRuns(tx, rouser, held, isoTime(ctx.clock.now())));
      return finished.map(({ run }) => (lost.has(run.id) ? new LeaseLostError(leaseOf(run)) : undefined));
    } catch (error) {
      if (!(error instanceof LeasesLostError)) throw error;
      for (const id of error.runIds) lost.add(id);
    }
  }
}
