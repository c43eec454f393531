import { type Approval, applyCancel, canCancel, canSee, HoldpointError, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { approvalNotFound, lockApproval } from "../store/approvals-table.ts";
import { transition } from "./transition.ts";

/**
 * Withdraws a pending approval on behalf of who asked for it, or of an admin.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`, `already_resolved`
 */
export async function cancelApproval(
  ctx: Context,
  viewer: Viewer,
  id: string,
  { reason }: { reason?: string } = {},
): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, viewer.tenantId, id);
    if (!canSee(approval, viewer)) throw approvalNotFound(id);
    if (!canCancel(approval, viewer)) {
      throw new HoldpointError("forbidden", "Only who asked for an approval, or an admin, can withdraw it.");
    }
    const by = viewer.name === undefined ? { id: viewer.id } : { id: viewer.id, name: viewer.name };
    const now = isoTime(ctx.clock.now());
    return transition(ctx, tx, approval, applyCancel(approval, { now, by, reason }));
  });
}
