import type { Context } from "../context.ts";
import type { Transaction } from "../store/store.ts";
import type { Rouser } from "./claims-table.ts";
import { endAllEventWaits } from "./event-waits-table.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import { endRuns, openChildren } from "./runs-table.ts";
import { openApprovals } from "./steps-table.ts";
import { lockApprovals, type Withdrawal, withdrawApprovals } from "./withdraw-approvals.ts";

/** Locks the approvals of runs and of all that they have invoked, before the log and the runs: decisions come the same way. */
export async function lockApprovalsBelow(tx: Transaction, tenantId: string, runIds: readonly string[]): Promise<void> {
  const approvals: string[] = [];
  for (let level = runIds; level.length > 0; level = (await openChildren(tx.db, level)).map(({ id }) => id)) {
    approvals.push(...(await openApprovals(tx.db, level)));
  }
  await lockApprovals(tx, tenantId, approvals.sort());
}

/** Cancels what runs have invoked, all the way down, and withdraws what that asks; who invoked it is told nothing. */
export async function cancelChildren(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { parentIds, withdrawal }: { parentIds: readonly string[]; withdrawal: Withdrawal },
): Promise<void> {
  await cancelRuns(ctx, tx, rouser, { runs: await openChildren(tx.db, parentIds), withdrawal });
}

/** The same for runs themselves and what they have invoked. */
export async function cancelRuns(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { runs, withdrawal }: { runs: readonly RunRow[]; withdrawal: Withdrawal },
): Promise<void> {
  const { now, by: actor, reason } = withdrawal;
  for (const [tenantId, children] of Map.groupBy(runs, ({ tenant_id }) => tenant_id)) {
    const events = children.map((child) => runEvent("run.cancelled", child, { now, actor, reason }));
    await tx.append(tenantId, events);
    const ended = await endRuns(tx, children, now);
    await endAllEventWaits(tx, ended);
    if (ended.length > 0) await withdrawApprovals(ctx, tx, tenantId, await openApprovals(tx.db, ended), withdrawal);
    tx.afterCommit(() => {
      for (const id of ended) rouser.cancelled(id);
    });
  }
  const parentIds = runs.map(({ id }) => id);
  if (parentIds.length > 0) await cancelChildren(ctx, tx, rouser, { parentIds, withdrawal });
}
