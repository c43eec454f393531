import { describe, expect, test } from "vitest";
import { insertApproval, nextDueAt } from "../../store/approvals-table.ts";
import { newApproval } from "../../store/test-approvals.ts";
import { openTestStore, testDatabases } from "../../store/test-databases.ts";
import { up } from "./005-ladder.ts";

describe.each(testDatabases)("ladders that were asked for before they were climbed, on $name", (kind) => {
  test("are due from then on", async () => {
    await using store = await openTestStore(kind);
    const approval = newApproval({ ladder: [{ after: "1h", remind: true }], timeout: "9h" });
    await store.write((tx) => insertApproval(tx, approval));
    await store.write((tx) => insertApproval(tx, newApproval({ timeout: "8h" })));
    await store.write(async ({ db }) => {
      await db.updateTable("approvals").set({ due_at: approval.deadlineAt }).where("id", "=", approval.id).execute();
      await db.schema.dropIndex("approvals_oldest").execute();
    });
    expect(await nextDueAt(store.reader)).not.toBe(oneHourAfter(approval.createdAt));
    await store.write(({ db }) => up(db as never));
    expect(await nextDueAt(store.reader)).toBe(oneHourAfter(approval.createdAt));
  });
});

function oneHourAfter(at: string): string {
  return new Date(Date.parse(at) + 3_600_000).toISOString();
}
