import { type Approval, canSee, type Viewer } from "@holdpoint/core";
import { approvalNotFound, lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";

/**
 * Locks an approval that the transaction is going to change on behalf of a viewer.
 *
 * @throws {HoldpointError} `not_found`, also for what the viewer may not see
 */
export async function lockVisible(tx: Transaction, viewer: Viewer, id: string): Promise<Approval> {
  const approval = await lockApproval(tx, viewer.tenantId, id);
  if (canSee(approval, viewer)) return approval;
  throw approvalNotFound(id);
}
