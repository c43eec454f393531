import { type Approval, applyDue, type DueFacts, groupsToEscalate, nextDueAt as nextDueAtOf } from "@holdpoint/core";
import { FailingLookups } from "../approvals/failing-lookups.ts";
import { GroupLookup } from "../approvals/group-lookup.ts";
import { transitions } from "../approvals/transition.ts";
import type { Random } from "../backoff.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { type DueApproval, dueApprovals, lockApproval, nextDueAt } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import type { DeadlineSource } from "./deadlines.ts";
import { PutOff } from "./put-off.ts";
import { Uptime } from "./uptime.ts";

/** Approvals looked at together. */
const batch = 200;
/** Wait between looks while approvals are put off, in ms: they are due themselves, and hide what comes after them. */
const lookAgainMs = 1_000;

/** Brings about what time brings to approvals: the rungs of their ladders, their timeouts, the ends of their leases. */
export function createApprovalDeadlines(ctx: Context, random: Random = Math.random): DeadlineSource {
  const uptime = new Uptime();
  const failing = new FailingLookups(ctx.clock, random);
  const putOff = new PutOff(ctx.clock);
  /** The end of the page before: some of it may stay due, and must not keep the rest waiting. */
  let behind: DueApproval | undefined;
  let failure: unknown;
  return {
    async next() {
      const next = await nextDueAt(ctx.store.reader);
      const again = isoTime(ctx.clock.now() + lookAgainMs);
      return putOff.forget() && next !== undefined && next < again ? again : next;
    },
    async strike(now) {
      const due = await uptime.during(now, () => dueApprovals(ctx.store.reader, now, batch, behind));
      const page = { failing, putOff, upSince: uptime.since, lookups: new Map<string, GroupLookup>() };
      const struck = await Promise.allSettled(
        due.filter(({ id }) => !putOff.has(id)).map((approval) => strike(ctx, page, approval)),
      );
      failure ??= struck.find((one) => one.status === "rejected")?.reason;
      const more = due.length === batch;
      behind = more ? due.at(-1) : undefined;
      if (more || failure === undefined) return more;
      const first = failure;
      failure = undefined;
      throw first;
    },
  };
}

/** What approvals that are struck together share. */
interface DuePage {
  failing: FailingLookups;
  putOff: PutOff;
  upSince: string | undefined;
  /** By tenant. */
  lookups: Map<string, GroupLookup>;
}

/**
 * Nothing happens when somebody decided first, or another server saw the time first. Where the host can't say who is in
 * a group, all that doesn't need it is done, above all the timeout; the rest stays due, and is put off until the host may
 * be asked again, but not beyond the end of the approval.
 */
async function strike(ctx: Context, { failing, putOff, upSince, lookups }: DuePage, due: DueApproval): Promise<void> {
  const groups = lookups.get(due.tenantId) ?? new GroupLookup(ctx, due.tenantId, failing);
  lookups.set(due.tenantId, groups);
  let asked: readonly string[] = [];
  const membersOf = (names: readonly string[]) => {
    asked = names;
    return groups.members(names);
  };
  try {
    await groups.write((tx) => bring(ctx, tx, due, { upSince, membersOf }));
  } catch (error) {
    const left = await ctx.store.write((tx) => bring(ctx, tx, due, { upSince, membersOf: () => "unavailable" }));
    const next = nextDueAtOf(left);
    if (next === undefined || next > isoTime(ctx.clock.now())) return;
    const until = failing.until(due.tenantId, asked);
    if (until !== undefined) putOff.add(left, until);
    throw error;
  }
}

/**
 * Brings about all that is due for an approval whose deadline has passed, where somebody can't wait for the timer to
 * strike. It ends by its deadline even if its lease is over too: who asks can't tell whether heartbeats could arrive.
 */
export async function meetDeadline(ctx: Context, groups: GroupLookup, approval: ApprovalName): Promise<void> {
  const upSince = isoTime(ctx.clock.now());
  await groups.write((tx) => bring(ctx, tx, approval, { upSince, membersOf: (names) => groups.members(names) }));
}

type ApprovalName = Pick<DueApproval, "tenantId" | "id">;

interface Circumstances {
  upSince: string | undefined;
  membersOf(groups: readonly string[]): DueFacts["groupMembers"];
}

async function bring(ctx: Context, tx: Transaction, due: ApprovalName, facts: Circumstances): Promise<Approval> {
  const approval = await lockApproval(tx, due.tenantId, due.id);
  const now = isoTime(ctx.clock.now());
  const groupMembers = facts.membersOf(groupsToEscalate(approval, now));
  return transitions(ctx, tx, approval, applyDue(approval, now, { upSince: facts.upSince, groupMembers }));
}
