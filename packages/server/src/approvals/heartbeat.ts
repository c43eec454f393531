import { type Approval, applyHeartbeat, assertCanCancel, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { transition } from "./transition.ts";
import { lockVisible } from "./visible-approval.ts";

/**
 * Keeps the approval of a requester that is still there.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`, `already_resolved`; `invalid_request` when it has no lease
 */
export async function heartbeat(ctx: Context, viewer: Viewer, id: string): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockVisible(tx, viewer, id);
    assertCanCancel(approval, viewer, "hold its lease");
    return transition(ctx, tx, approval, applyHeartbeat(approval, isoTime(ctx.clock.now())));
  });
}
