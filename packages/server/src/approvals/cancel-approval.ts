import { type Approval, applyCancel, assertCanCancel, personOf, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { transition } from "./transition.ts";
import { lockVisible } from "./visible-approval.ts";

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
    const approval = await lockVisible(tx, viewer, id);
    assertCanCancel(approval, viewer, "withdraw it");
    const now = isoTime(ctx.clock.now());
    return transition(ctx, tx, approval, applyCancel(approval, { now, by: personOf(viewer), reason }));
  });
}
