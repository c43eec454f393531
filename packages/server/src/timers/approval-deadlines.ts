import { applyDue, groupsToEscalate } from "@holdpoint/core";
import { GroupLookup } from "../approvals/group-lookup.ts";
import { transitions } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { type DueApproval, dueApprovals, lockApproval, nextDueAt } from "../store/approvals-table.ts";
import type { DeadlineSource } from "./deadlines.ts";
import { Uptime } from "./uptime.ts";

/** Approvals looked at together. */
const batch = 200;

/** Brings about what time brings to approvals: the rungs of their ladders, their timeouts, the ends of their leases. */
export function createApprovalDeadlines(ctx: Context): DeadlineSource {
  const uptime = new Uptime();
  return {
    next: () => nextDueAt(ctx.store.reader),
    async strike(now) {
      const due = await uptime.during(now, () => dueApprovals(ctx.store.reader, now, batch));
      const struck = await Promise.allSettled(due.map((approval) => strike(ctx, approval, uptime.since)));
      for (const one of struck) if (one.status === "rejected") throw one.reason;
      return due.length === batch;
    },
  };
}

/** Nothing happens when somebody decided first, or another server saw the time first. */
async function strike(ctx: Context, { tenantId, id }: DueApproval, upSince: string | undefined): Promise<void> {
  const groups = new GroupLookup(ctx, tenantId);
  await groups.write(async (tx) => {
    const approval = await lockApproval(tx, tenantId, id);
    const now = isoTime(ctx.clock.now());
    const groupMembers = groups.members(groupsToEscalate(approval, now));
    await transitions(ctx, tx, approval, applyDue(approval, now, { upSince, groupMembers }));
  });
}
