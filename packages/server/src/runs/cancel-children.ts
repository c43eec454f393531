import type { Context } from "../context.ts";
import type { Transaction } from "../store/store.ts";
import type { Rouser } from "./claims-table.ts";
import { endEventWaits } from "./event-waits-table.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import { endRun, openChildren } from "./runs-table.ts";
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
  for (const child of runs) {
    await tx.append(child.tenant_id, [runEvent("run.cancelled", child, { now, actor, reason })]);
    if (!(await endRun(tx, child.id, "cancelled", now))) continue;
    await endEventWaits(tx, child.id);
    await withdrawApprovals(ctx, tx, child.tenant_id, await openApprovals(tx.db, [child.id]), withdrawal);
    tx.afterCommit(() => rouser.cancelled(child.id));
  }
  const parentIds = runs.map(({ id }) => id);
  if (parentIds.length > 0) await cancelChildren(ctx, tx, rouser, { parentIds, withdrawal });
}
