import type { Approval } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { joinGroup, leaveGroup } from "../../deliveries/approval-groups.ts";
import { insertApproval } from "../../store/approvals-table.ts";
import type { Store } from "../../store/store.ts";
import { newApproval } from "../../store/test-approvals.ts";
import { openTestStore, testDatabases } from "../../store/test-databases.ts";
import { up } from "./026-owned-groups.ts";

/** Makes approvals members of one group, whoever owns them, and then groups owned. */
async function migrate(
  store: Store,
  members: readonly Approval[],
  counts: { size: number; pending: number },
): Promise<void> {
  const shared = { tenant_id: "acme", engine: "elsewhere", key: "turn-1" };
  await store.write(async (tx) => {
    for (const approval of members) {
      await insertApproval(tx, approval);
      await tx.db
        .insertInto("approval_group_members")
        .values({ ...shared, approval_id: approval.id })
        .execute();
    }
    await tx.db
      .insertInto("approval_groups")
      .values({ ...shared, ...counts, members: members.length, rounds: 0 })
      .execute();
    await up(tx.db as never);
  });
}

describe.each(testDatabases)("groups that were everybody's, on $name", (kind) => {
  test("are awaited by each owner from then on", async () => {
    await using store = await openTestStore(kind);
    const request = { source: { engine: "elsewhere" }, group: { key: "turn-1", mode: "all" as const, size: 2 } };
    const ofOwner = (ownerId: string) => newApproval(request, { ownerId });
    const [first, second, stranger] = [ofOwner("ana"), ofOwner("ana"), ofOwner("eve")];
    await migrate(store, [first, stranger], { size: 2, pending: 2 });
    await store.write((tx) => joinGroup(tx, second));
    const left = await store.write(async (tx) => [await leaveGroup(tx, first), await leaveGroup(tx, second)]);
    expect(left).toMatchObject([undefined, { key: "turn-1", round: 1, members: [first.id, second.id] }]);
    expect(await store.write((tx) => leaveGroup(tx, stranger))).toBeUndefined();
  });

  test("are delivered to the owner who waited only for members of others", async () => {
    await using store = await openTestStore(kind);
    const source = { engine: "elsewhere", ref: "turn-1" };
    const ofOwner = (ownerId: string, size?: number) =>
      newApproval({ source, group: { key: "turn-1", mode: "all", size } }, { ownerId });
    const ended = { status: "approved", delivery: "pending" } as const;
    const [first, second] = [
      { ...ofOwner("ana"), ...ended },
      { ...ofOwner("ana"), ...ended },
    ];
    const stranger = ofOwner("eve", 3);
    await migrate(store, [first, second, stranger], { size: 3, pending: 1 });
    const rows = await store.reader.selectFrom("deliveries").selectAll().execute();
    expect(rows).toMatchObject([{ kind: "resume", channel: "elsewhere", status: "pending", error: null }]);
    expect(rows.map(({ body }) => JSON.parse(body ?? "null"))).toEqual([
      { group: "turn-1", members: [first.id, second.id] },
    ]);
    const waiting = store.reader.selectFrom("approval_group_members").select("approval_id");
    expect(await waiting.execute()).toEqual([{ approval_id: stranger.id }]);
    const third = ofOwner("ana");
    await store.write((tx) => joinGroup(tx, third));
    expect(await store.write((tx) => leaveGroup(tx, third))).toMatchObject({ round: 2, members: [third.id] });
  });
});
