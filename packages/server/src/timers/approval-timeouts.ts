import { applyTimeout } from "@holdpoint/core";
import { transition } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { type DueApproval, dueApprovals, lockApproval, nextDueAt } from "../store/approvals-table.ts";
import type { DeadlineSource } from "./deadlines.ts";

/** Approvals timed out at a time. */
const batch = 200;

/** Ends approvals whose time is up. */
export function createApprovalTimeouts(ctx: Context): DeadlineSource {
  return {
    next: () => nextDueAt(ctx.store.reader),
    async strike(now) {
      const due = await dueApprovals(ctx.store.reader, now, batch);
      await Promise.all(due.map((approval) => timeOut(ctx, approval)));
      return due.length === batch;
    },
  };
}

/** Nothing happens when somebody decided first, or another server saw the time first. */
async function timeOut(ctx: Context, { tenantId, id }: DueApproval): Promise<void> {
  await ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, tenantId, id);
    const now = isoTime(ctx.clock.now());
    if (approval.status !== "pending" || approval.deadlineAt === undefined || approval.deadlineAt > now) return;
    await transition(ctx, tx, approval, applyTimeout(approval, now));
  });
}
