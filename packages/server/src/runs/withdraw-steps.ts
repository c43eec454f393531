import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { cancelChildren, cancelRuns, lockApprovalsBelow } from "./cancel-children.ts";
import { endAllEventWaits, endEventWaits } from "./event-waits-table.ts";
import { type FinishedRun, finishRuns } from "./finish-runs.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import type { RunServices } from "./run-services.ts";
import { openChildren } from "./runs-table.ts";
import type { StepRecord } from "./step-record.ts";
import { openApprovals } from "./steps-table.ts";
import { lockApprovals, withdrawApprovals } from "./withdraw-approvals.ts";

/** A step that has not settled, and why the run goes on without it. */
export interface Dropped {
  step: StepRecord;
  reason: string;
  /** The turn of the last result that the handler had been given when it let go of it. */
  after: number;
}

/** Why a run that fails withdraws what it asks; by this a retry knows what to ask again. */
export const runFailed = "The run has failed.";

/**
 * Ends a run and withdraws what it asks. Locks approvals, then the log, then the run, as decisions do; then reads the
 * open approvals again, now that no more can be opened.
 */
export async function finishAsking({ ctx, rouser }: RunServices, finished: FinishedRun): Promise<void> {
  const { run, result } = finished;
  await ctx.store.write(async (tx) => {
    const now = isoTime(ctx.clock.now());
    await lockApprovalsBelow(tx, run.tenant_id, [run.id]);
    await finishRuns(tx, rouser, [finished], now);
    await endAllEventWaits(tx, [run.id]);
    const withdrawal = { now, reason: endReason(result) };
    await withdrawApprovals(ctx, tx, run.tenant_id, await openApprovals(tx.db, [run.id]), withdrawal);
    const children = { now, reason: "The run that invoked it has ended." };
    await cancelChildren(ctx, tx, rouser, { parentIds: [run.id], withdrawal: children });
  });
}

function endReason({ status }: RunResult): string {
  if (status === "failed") return runFailed;
  return status === "closed" ? "The run was closed by another approval." : `The run has ${status}.`;
}

/** Cancels what is asked, and returns the rest as cancelled. Locks in the same order as {@link finishAsking}. */
export async function withdrawSteps(
  { ctx, rouser }: RunServices,
  tx: Transaction,
  run: RunRow,
  { dropped, now }: { dropped: readonly Dropped[]; now: string },
): Promise<StepRecord[]> {
  const asked = dropped.flatMap(({ step: { approvalId }, reason }) => (approvalId ? { approvalId, reason } : []));
  asked.sort((one, other) => (one.approvalId < other.approvalId ? -1 : 1));
  await lockApprovalsBelow(
    tx,
    run.tenant_id,
    dropped.flatMap(({ step: { childRunId } }) => childRunId ?? []),
  );
  await lockApprovals(
    tx,
    run.tenant_id,
    asked.map(({ approvalId }) => approvalId),
  );
  for (const { approvalId, reason } of asked) {
    await withdrawApprovals(ctx, tx, run.tenant_id, [approvalId], { now, reason });
  }
  const invoked = dropped.flatMap(({ step: { childRunId } }) => childRunId ?? []);
  const children = invoked.length > 0 ? await openChildren(tx.db, [run.id]) : [];
  for (const { step, reason } of dropped) {
    const runs = children.filter(({ id }) => id === step.childRunId);
    await cancelRuns(ctx, tx, rouser, { runs, withdrawal: { now, reason } });
  }
  await endEventWaits(tx, run.id, waitsAmong(dropped));
  return dropped.flatMap(({ step, after }) =>
    step.approvalId ? [] : { ...step, status: "cancelled" as const, wakeAt: undefined, finishedAt: now, turn: after },
  );
}

/** Those that wait for events, by name. */
export function waitsAmong(dropped: readonly Dropped[]): string[] {
  return dropped.flatMap(({ step }) => (step.event ? step.name : []));
}
