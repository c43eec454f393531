import { type Approval, canonicalJson, HoldpointError, maxGroupSize } from "@holdpoint/core";
import { type Selectable, sql } from "kysely";
import type { Context } from "../context.ts";
import type { ApprovalGroupMembersTable } from "../store/delivery-tables.ts";
import type { Transaction } from "../store/store.ts";

/** Members of a group whose outcomes are to be delivered together now. */
export interface CompleteGroup {
  /** As the owner gave it. */
  key: string;
  /** What tells it from other owners' groups of the same key. */
  ownedKey: string;
  /** Counts deliveries of this group, from 1. */
  round: number;
  /** Oldest first. */
  members: string[];
}

/** Names a group. */
export type GroupName = Pick<Selectable<ApprovalGroupMembersTable>, "tenant_id" | "engine" | "key">;

/** The group that an approval names. It is its owner's: others who use the same key have groups of their own. */
export function groupOf({ group, source, tenantId, ownerId }: Approval): GroupName | undefined {
  if (!group || !source) return undefined;
  return { tenant_id: tenantId, engine: source.engine, key: canonicalJson([ownerId ?? null, group.key]) };
}

/** Whether an approval's outcome waits for those of its group. Our own runs wait for each gate by itself. */
export function isGrouped({ resumers }: Context, { group, source }: Approval): boolean {
  return group?.mode === "all" && source !== undefined && !resumers.has(source.engine);
}

/**
 * Counts a new approval into its group.
 *
 * @throws {HoldpointError} `invalid_request` when the group is full, or another size was named before
 */
export async function joinGroup(tx: Transaction, approval: Approval): Promise<void> {
  const { group, id } = approval;
  const which = groupOf(approval);
  if (!group || !which) return;
  const { size, members } = await tx.db
    .insertInto("approval_groups")
    .values({ ...which, size: group.size ?? null, members: 1, pending: 1, rounds: 0 })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "engine", "key"]).doUpdateSet({
        members: sql<number>`approval_groups.members + 1`,
        pending: sql<number>`approval_groups.pending + 1`,
        size: sql<number | null>`coalesce(approval_groups.size, excluded.size)`,
      }),
    )
    .returning(["size", "members"])
    .executeTakeFirstOrThrow();
  if (group.size !== undefined && Number(size) !== group.size)
    refuse(`must be ${size}, as for the group's other members`);
  if (size !== null && Number(members) > Number(size))
    refuse(`is ${size}, and the group has that many members already`);
  await tx.db
    .insertInto("approval_group_members")
    .values({ ...which, approval_id: id })
    .execute();
  // One with a size has no more than that.
  if (size === null && (await awaitingDelivery(tx, which)) > maxGroupSize)
    refuse(`isn't given, and ${maxGroupSize} members wait for each other already; let them end, or use another key`);
}

/** How many members are to be delivered together once all of them have ended. */
async function awaitingDelivery(tx: Transaction, which: GroupName): Promise<number> {
  const { members } = await tx.db
    .selectFrom("approval_group_members")
    .select(({ fn }) => fn.countAll<number | string>().as("members"))
    .where((of) => of.and(which))
    .executeTakeFirstOrThrow();
  return Number(members);
}

/**
 * Counts an approval that has ended out of its group. The group's row is the lock under which the last one finds that it
 * is the last.
 *
 * @returns the members that are now to be delivered, undefined while others are awaited
 */
export async function leaveGroup(tx: Transaction, approval: Approval): Promise<CompleteGroup | undefined> {
  const { group } = approval;
  const which = groupOf(approval);
  if (!group || !which) return undefined;
  const row = await tx.db
    .updateTable("approval_groups")
    .set({ pending: sql<number>`pending - 1` })
    .where((of) => of.and(which))
    .returning(["size", "members", "pending", "rounds"])
    .executeTakeFirst();
  if (!row || Number(row.pending) > 0 || Number(row.members) < Number(row.size ?? 0)) return undefined;
  const left = await tx.db
    .deleteFrom("approval_group_members")
    .where((of) => of.and(which))
    .returning("approval_id")
    .execute();
  const round = Number(row.rounds) + 1;
  await tx.db
    .updateTable("approval_groups")
    .set({ rounds: round })
    .where((of) => of.and(which))
    .execute();
  const members = left.map(({ approval_id }) => approval_id).sort();
  return { key: group.key, ownedKey: which.key, round, members };
}

function refuse(message: string): never {
  throw new HoldpointError("invalid_request", `group.size: ${message}.`, [{ pointer: "/group/size", message }]);
}
