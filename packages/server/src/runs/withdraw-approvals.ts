import { applyCancel, type Person } from "@holdpoint/core";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";

/** Why the approvals of a run are withdrawn, when, and by whom. */
export interface Withdrawal {
  /** ISO 8601. */
  now: string;
  reason: string;
  by?: Person;
}

/** Locks approvals, before their run is: decisions come the same way. */
export async function lockApprovals(tx: Transaction, tenantId: string, approvalIds: readonly string[]): Promise<void> {
  for (const id of approvalIds) await lockApproval(tx, tenantId, id);
}

/** Cancels those of a run's approvals that are still pending: what asked for them will not go on. */
export async function withdrawApprovals(
  ctx: Context,
  tx: Transaction,
  tenantId: string,
  approvalIds: readonly string[],
  withdrawal: Withdrawal,
): Promise<void> {
  for (const id of approvalIds) {
    const approval = await lockApproval(tx, tenantId, id);
    if (approval.status === "pending") await transition(ctx, tx, approval, applyCancel(approval, withdrawal));
  }
}
