import { type ErrorRecord, HoldpointError, personOf, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { reopenSteps } from "./reopen-steps.ts";
import { assertMayChange, assertVisible } from "./run-access.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import { endedStatuses, lockRun, reviveRun } from "./runs-table.ts";
import type { Worker } from "./worker.ts";

/**
 * Lets a failed run go on: completed steps keep their results, the steps that it failed with are attempted again, with
 * all their retries, and what it asked or waited for besides when it failed is asked and waited for again. A cancelled or rejected run stays so: that
 * was somebody's decision.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`; `already_resolved` when it ended otherwise; `invalid_request` when
 *   it hasn't ended
 */
export async function retryRun(
  { ctx, worker, wakeBy }: { ctx: Context; worker: Worker; wakeBy: (at: string) => void },
  viewer: Viewer,
  id: string,
): Promise<RunRow> {
  return ctx.store.write(async (tx) => {
    const found = await lockRun(tx, viewer.tenantId, id);
    assertVisible(viewer, id, found);
    assertMayChange(viewer);
    if (found.status !== "failed") throw notFailed(found);
    const now = isoTime(ctx.clock.now());
    const { steps: failed = [] } = JSON.parse(found.error ?? "{}") as Partial<ErrorRecord>;
    await reopenSteps(tx, id, failed);
    const run = await reviveRun(tx, id, { claimant: worker.claimant(), now });
    if (!run) throw notFailed(found);
    await tx.append(run.tenant_id, [runEvent("run.retried", run, { now, actor: personOf(viewer) })]);
    tx.afterCommit(() => {
      worker.roused(run);
      if (run.wake_at !== null) wakeBy(run.wake_at);
    });
    return run;
  });
}

function notFailed({ id, status }: RunRow): HoldpointError {
  if (endedStatuses.includes(status)) {
    const message = `Run ${id} has ended as ${status}; only a failed run can be retried. Start a new one instead.`;
    return new HoldpointError("already_resolved", message);
  }
  return new HoldpointError("invalid_request", `Run ${id} is ${status}; only a failed run can be retried.`);
}
