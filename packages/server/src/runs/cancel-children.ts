import type { Context } from "../context.ts";
import { lockHead } from "../store/log-heads.ts";
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

/** Cancels what runs have invoked, all the way down, and withdraws what they ask, without telling the parents. */
export async function cancelChildren(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { parentIds, withdrawal }: { parentIds: readonly string[]; withdrawal: Withdrawal },
): Promise<void> {
  await cancelRuns(ctx, tx, rouser, { runs: await openChildren(tx.db, parentIds), withdrawal });
}

/**
 * The same for runs themselves and what they have invoked. Those that end meanwhile stay as they ended, and the log says
 * nothing else of them: with it locked no run ends any more, and it is locked before the runs, as by all who end one.
 */
export async function cancelRuns(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { runs, withdrawal }: { runs: readonly RunRow[]; withdrawal: Withdrawal },
): Promise<void> {
  const { now, by: actor, reason } = withdrawal;
  const parentIds: string[] = [];
  for (const [tenantId, children] of Map.groupBy(runs, ({ tenant_id }) => tenant_id)) {
    if (tx.engine === "postgres") await lockHead(tx.db, tenantId);
    const ended = new Set(await endRuns(tx, children, now));
    const cancelled = children.filter(({ id }) => ended.has(id));
    const ids = cancelled.map(({ id }) => id);
    tx.afterCommit(() => {
      for (const id of ids) rouser.cancelled(id);
    });
    await tx.append(
      tenantId,
      cancelled.map((child) => runEvent("run.cancelled", child, { now, actor, reason })),
    );
    await endAllEventWaits(tx, ids);
    if (ids.length > 0) await withdrawApprovals(ctx, tx, tenantId, await openApprovals(tx.db, ids), withdrawal);
    parentIds.push(...ids);
  }
  if (parentIds.length > 0) await cancelChildren(ctx, tx, rouser, { parentIds, withdrawal });
}
