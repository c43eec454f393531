import { type Approval, canonicalJson, createIds } from "@holdpoint/core";
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
    .orderBy("approvals.id")
    .execute();
  const owned = new Map<string, { name: GroupName; approvals: Approval[] }>();
  for (const { engine, key, body } of members) {
    const approval = JSON.parse(body) as Approval;
    const to = groupOf(approval);
    if (!to) continue;
    await move(db, approval, { tenant_id: approval.tenantId, engine, key }, to);
    const lane = laneOf(to);
    owned.set(lane, { name: to, approvals: [...(owned.get(lane)?.approvals ?? []), approval] });
  }
  // Those that waited only for other owners' members wait for nobody now, and no end to come would send them.
  for (const { name, approvals } of owned.values()) await queueIfComplete(db, name, approvals);
}

async function move(
  db: Kysely<Tables>,
  { id, status, group }: Approval,
  from: GroupName,
  to: GroupName,
): Promise<void> {
  const pending = status === "pending" ? 1 : 0;
  const { rounds } = await db
    .selectFrom("approval_groups")
    .select("rounds")
    .where((of) => of.and(from))
    .executeTakeFirstOrThrow();
  await db
    .insertInto("approval_groups")
    .values({ ...to, size: group?.size ?? null, rounds, members: 1, pending })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "engine", "key"]).doUpdateSet(({ eb, fn, ref }) => ({
        members: eb("approval_groups.members", "+", 1),
        pending: eb("approval_groups.pending", "+", pending),
        size: fn.coalesce("approval_groups.size", ref("excluded.size")),
      })),
    )
    .execute();
  await db
    .updateTable("approval_group_members")
    .set({ key: to.key })
    .where((of) => of.and({ ...from, approval_id: id }))
    .execute();
}

async function queueIfComplete(db: Kysely<Tables>, name: GroupName, approvals: readonly Approval[]): Promise<void> {
  const [last] = approvals.slice(-1);
  // An outcome that nobody wants sent isn't.
  if (!last?.group || approvals.every(({ delivery }) => delivery === undefined)) return;
  const complete = await db
    .updateTable("approval_groups")
    .set(({ eb }) => ({ rounds: eb("rounds", "+", 1) }))
    .where((of) => of.and(name))
    .where("pending", "=", 0)
    .where((of) => of.or([of("size", "is", null), of("members", ">=", of.ref("size"))]))
    .returning("rounds")
    .executeTakeFirst();
  if (!complete) return;
  await db
    .deleteFrom("approval_group_members")
    .where((of) => of.and(name))
    .execute();
  const now = new Date().toISOString();
  await db
    .insertInto("deliveries")
    .values({
      id: createIds()("dlv"),
      tenant_id: name.tenant_id,
      kind: "resume",
      cause: "resolved",
      approval_id: last.id,
      run_id: last.source?.runId ?? null,
      channel: name.engine,
      lane: laneOf(name),
      position: Number(complete.rounds),
      body: JSON.stringify({ group: last.group.key, members: approvals.map(({ id }) => id) }),
      status: "pending",
      attempts: 0,
      earlier_attempts: 0,
      claim: 0,
      in_flight: 0,
      due_at: now,
      created_at: now,
    })
    .execute();
}

function laneOf({ tenant_id, engine, key }: GroupName): string {
  return `group>${canonicalJson([tenant_id, engine, key])}`;
}
