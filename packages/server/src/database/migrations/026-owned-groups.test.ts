import { describe, expect, test } from "vitest";
import { joinGroup, leaveGroup } from "../../deliveries/approval-groups.ts";
import { insertApproval } from "../../store/approvals-table.ts";
import { newApproval } from "../../store/test-approvals.ts";
import { openTestStore, testDatabases } from "../../store/test-databases.ts";
import { up } from "./026-owned-groups.ts";

describe.each(testDatabases)("groups that were everybody's, on $name", (kind) => {
  test("are awaited by each owner from then on", async () => {
    await using store = await openTestStore(kind);
    const request = { source: { engine: "elsewhere" }, group: { key: "turn-1", mode: "all" as const, size: 2 } };
    const ofOwner = (ownerId: string) => newApproval(request, { ownerId });
    const [first, second, stranger] = [ofOwner("ana"), ofOwner("ana"), ofOwner("eve")];
    const shared = { tenant_id: "acme", engine: "elsewhere", key: "turn-1" };
    await store.write(async (tx) => {
      for (const approval of [first, stranger]) {
        await insertApproval(tx, approval);
        await tx.db
          .insertInto("approval_group_members")
          .values({ ...shared, approval_id: approval.id })
          .execute();
      }
      await tx.db
        .insertInto("approval_groups")
        .values({ ...shared, size: 2, members: 2, pending: 2, rounds: 0 })
        .execute();
      await up(tx.db as never);
    });
    await store.write((tx) => joinGroup(tx, second));
    const left = await store.write(async (tx) => [await leaveGroup(tx, first), await leaveGroup(tx, second)]);
    expect(left).toMatchObject([undefined, { key: "turn-1", round: 1, members: [first.id, second.id] }]);
    expect(await store.write((tx) => leaveGroup(tx, stranger))).toBeUndefined();
  });
});
