import { type Approval, applyDue, type DueFacts, groupsToEscalate, nextDueAt as nextDueAtOf } from "@holdpoint/core";
import { GroupLookup } from "../approvals/group-lookup.ts";
import { transitions } from "../approvals/transition.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { type DueApproval, dueApprovals, lockApproval, nextDueAt } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import type { DeadlineSource } from "./deadlines.ts";
import { Uptime } from "./uptime.ts";

/** Approvals looked at together. */
const batch = 200;

/** Brings about what time brings to approvals: the rungs of their ladders, their timeouts, the ends of their leases. */
export function createApprovalDeadlines(ctx: Context): DeadlineSource {
  const uptime = new Uptime();
  /** The end of the page before, when something on it failed: it stays due, and must not keep the rest waiting. */
  let behind: DueApproval | undefined;
  let failure: unknown;
  return {
    next: () => nextDueAt(ctx.store.reader),
    async strike(now) {
      const due = await uptime.during(now, () => dueApprovals(ctx.store.reader, now, batch, behind));
      const struck = await Promise.allSettled(due.map((approval) => strike(ctx, approval, uptime.since)));
      failure ??= struck.find((one) => one.status === "rejected")?.reason;
      const more = due.length === batch;
      behind = more && failure !== undefined ? due.at(-1) : undefined;
      if (more || failure === undefined) return more;
      const first = failure;
      failure = undefined;
      throw first;
    },
  };
}

/**
 * Nothing happens when somebody decided first, or another server saw the time first. Where the host can't say who is in
 * a group, all that doesn't need it is done, above all the timeout; the rest stays due.
 */
async function strike(ctx: Context, due: DueApproval, upSince: string | undefined): Promise<void> {
  const groups = new GroupLookup(ctx, due.tenantId);
  try {
    await groups.write((tx) => bring(ctx, tx, due, { upSince, membersOf: (names) => groups.members(names) }));
  } catch (error) {
    const left = await ctx.store.write((tx) => bring(ctx, tx, due, { upSince, membersOf: () => "unavailable" }));
    const next = nextDueAtOf(left);
    if (next !== undefined && next <= isoTime(ctx.clock.now())) throw error;
  }
}

interface Circumstances {
  upSince: string | undefined;
  membersOf(groups: readonly string[]): DueFacts["groupMembers"];
}

async function bring(ctx: Context, tx: Transaction, due: DueApproval, facts: Circumstances): Promise<Approval> {
  const approval = await lockApproval(tx, due.tenantId, due.id);
  const now = isoTime(ctx.clock.now());
  const groupMembers = facts.membersOf(groupsToEscalate(approval, now));
  return transitions(ctx, tx, approval, applyDue(approval, now, { upSince: facts.upSince, groupMembers }));
}
