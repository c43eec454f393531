import { applyClaimExpiry, claimHolder } from "@holdpoint/core";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { expiredClaims, lockApproval, nextClaimExpiry } from "../store/approvals-table.ts";
import type { DeadlineSource } from "./deadlines.ts";

/** Claims ended at a time. */
const batch = 200;

/** Ends claims whose time is over, so that everybody sees it. */
export function createClaimExpiries(ctx: Context): DeadlineSource {
  return {
    next: () => nextClaimExpiry(ctx.store.reader),
    async strike(now) {
      const expired = await expiredClaims(ctx.store.reader, now, batch);
      await Promise.all(expired.map(({ tenantId, id }) => endClaim(ctx, tenantId, id)));
      return expired.length === batch;
    },
  };
}

/** Nothing happens when it was renewed or given up meanwhile, or another server saw the time first. */
async function endClaim(ctx: Context, tenantId: string, id: string): Promise<void> {
  await ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, tenantId, id);
    const now = isoTime(ctx.clock.now());
    if (!approval.claimedBy || claimHolder(approval, now)) return;
    const { approval: released, events } = applyClaimExpiry(approval, now);
    await transition(ctx, tx, approval, released, events);
  });
}
