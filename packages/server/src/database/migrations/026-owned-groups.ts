import type { Approval } from "@holdpoint/core";
import type { Kysely } from "kysely";
import { type GroupName, groupOf } from "../../deliveries/approval-groups.ts";
import type { Tables } from "../../store/tables.ts";

/** Groups were everybody's who used the same key. Those that are awaited become groups of each owner. */
export async function up(untyped: Kysely<unknown>): Promise<void> {
  const db = untyped as Kysely<Tables>;
  const members = await db
    .selectFrom("approval_group_members as member")
    .innerJoin("approvals", (join) =>
      join.onRef("approvals.tenant_id", "=", "member.tenant_id").onRef("approvals.id", "=", "member.approval_id"),
    )
    .select(["member.engine", "member.key", "approvals.body"])
    .execute();
  for (const { engine, key, body } of members) {
    const approval = JSON.parse(body) as Approval;
    const to = groupOf(approval);
    if (to) await move(db, approval, { tenant_id: approval.tenantId, engine, key }, to);
  }
}

async function move(db: Kysely<Tables>, { id, status }: Approval, from: GroupName, to: GroupName): Promise<void> {
  const pending = status === "pending" ? 1 : 0;
  const shared = await db
    .selectFrom("approval_groups")
    .select(["size", "rounds"])
    .where((of) => of.and(from))
    .executeTakeFirstOrThrow();
  await db
    .insertInto("approval_groups")
    .values({ ...to, ...shared, members: 1, pending })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "engine", "key"]).doUpdateSet(({ eb }) => ({
        members: eb("approval_groups.members", "+", 1),
        pending: eb("approval_groups.pending", "+", pending),
      })),
    )
    .execute();
  await db
    .updateTable("approval_group_members")
    .set({ key: to.key })
    .where((of) => of.and({ ...from, approval_id: id }))
    .execute();
}
