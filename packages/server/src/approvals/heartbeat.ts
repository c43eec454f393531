import { type Approval, applyHeartbeat, canCancel, canSee, HoldpointError, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { approvalNotFound, lockApproval } from "../store/approvals-table.ts";
import { transition } from "./transition.ts";

/**
 * Keeps the approval of a requester that is still there.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`, `already_resolved`; `invalid_request` when it has no lease
 */
export async function heartbeat(ctx: Context, viewer: Viewer, id: string): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, viewer.tenantId, id);
    if (!canSee(approval, viewer)) throw approvalNotFound(id);
    if (!canCancel(approval, viewer)) {
      throw new HoldpointError("forbidden", "Only who asked for an approval, or an admin, can hold its lease.");
    }
    return transition(ctx, tx, approval, applyHeartbeat(approval, isoTime(ctx.clock.now())));
  });
}
