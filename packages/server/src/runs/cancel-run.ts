import { type CancelInput, HoldpointError, personOf, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { cancelChildren, lockApprovalsBelow } from "./cancel-children.ts";
import { endAllEventWaits } from "./event-waits-table.ts";
import { assertMayChange, assertVisible } from "./run-access.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import { endRun, findRun } from "./runs-table.ts";
import { openApprovals } from "./steps-table.ts";
import { childError, tellParents } from "./tell-parents.ts";
import { withdrawApprovals } from "./withdraw-approvals.ts";
import type { Worker } from "./worker.ts";

/**
 * Cancels a run and all that it has invoked, and withdraws what they ask, in one transaction; a step that is executing
 * is told by its signal. One that was cancelled before stays as it is.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`; `already_resolved` when it has completed or failed
 */
export async function cancelRun(
  { ctx, worker }: { ctx: Context; worker: Worker },
  viewer: Viewer,
  id: string,
  { reason = "The run was cancelled." }: CancelInput = {},
): Promise<RunRow> {
  return ctx.store.write(async (tx) => {
    const run = await findRun(tx.db, viewer.tenantId, id);
    assertVisible(viewer, id, run);
    assertMayChange(viewer);
    if (run.status === "cancelled") return run;
    const now = isoTime(ctx.clock.now());
    const by = personOf(viewer);
    await lockApprovalsBelow(tx, run.tenant_id, [id]);
    await tx.append(run.tenant_id, [runEvent("run.cancelled", run, { now, actor: by, reason })]);
    const cancelled = await endRun(tx, id, "cancelled", now);
    if (!cancelled) throw alreadyEnded(run);
    tx.afterCommit(() => worker.cancelled(id));
    await endAllEventWaits(tx, [id]);
    await withdrawApprovals(ctx, tx, run.tenant_id, await openApprovals(tx.db, [id]), { now, by, reason });
    const withdrawal = { now, by, reason: `The run that invoked it was cancelled: ${reason}` };
    await cancelChildren(ctx, tx, worker, { parentIds: [id], withdrawal });
    await tellParents(tx, worker, [{ run, error: childError(run, `was cancelled: ${reason}`) }], now);
    return cancelled;
  });
}

function alreadyEnded({ id, status }: RunRow): HoldpointError {
  const how: Record<string, string> = { failed: "has failed", rejected: "was rejected", timed_out: "has timed out" };
  const ended = how[status] ?? "has completed";
  return new HoldpointError("already_resolved", `Run ${id} ${ended} already; there is nothing left to cancel.`);
}
