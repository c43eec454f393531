import { describe, expect, test } from "vitest";
import { dueApprovals, getApproval, getApprovals, lockApproval, nextDueAt, saveApproval } from "./approvals-table.ts";
import { newApproval, respond, store as save, viewer } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

describe.each(testDatabases)("approvals on $name", (kind) => {
  test("are found by their tenant only", async () => {
    await using store = await openTestStore(kind);
    const approval = await save(store, newApproval({ metadata: { text: "a pair \ud83d\ude80" } }));
    const { id } = approval;
    expect(await getApproval(store.reader, "acme", id)).toEqual(approval);
    expect(await getApproval(store.reader, "umbra", id)).toBeUndefined();
    expect([...(await getApprovals(store.reader, "acme", [id, "apr_none"])).keys()]).toEqual([id]);
    expect((await getApprovals(store.reader, "umbra", [id])).size).toBe(0);
    await expect(store.write((tx) => lockApproval(tx, "umbra", id))).rejects.toMatchObject({ code: "not_found" });
  });

  test("are not saved over a change that was made meanwhile", async () => {
    await using store = await openTestStore(kind);
    const before = await save(store, newApproval());
    await respond(store, viewer("ana"), before.id, { approved: true });
    const late = store.write((tx) => saveApproval(tx, before, { ...before, title: "Late", version: 2 }));
    await expect(late).rejects.toMatchObject({ code: "unavailable" });
    expect(await getApproval(store.reader, "acme", before.id)).toMatchObject({ title: before.title });
  });

  test("come due in the order of their deadlines, while they are pending", async () => {
    await using store = await openTestStore(kind);
    const at = (hour: number) => `2026-01-01T0${hour}:00:00.000Z`;
    const timeouts = ["3h", "1h", "2h"] as const;
    const [third, first, second] = await Promise.all(
      timeouts.map((timeout) => save(store, newApproval({ timeout }, { now: at(0), tenantId: `tenant-${timeout}` }))),
    );
    await save(store, newApproval());
    expect(await nextDueAt(store.reader)).toBe(at(1));
    expect(await dueApprovals(store.reader, at(2), 10)).toEqual([
      { tenantId: "tenant-1h", id: first?.id, dueAt: at(1) },
      { tenantId: "tenant-2h", id: second?.id, dueAt: at(2) },
    ]);
    expect(await dueApprovals(store.reader, at(9), 1)).toHaveLength(1);
    await respond(store, viewer("ana", { tenantId: "tenant-1h" }), first?.id ?? "", { approved: true });
    expect((await dueApprovals(store.reader, at(9), 10)).map(({ id }) => id)).toEqual([second?.id, third?.id]);
    expect(await nextDueAt(store.reader)).toBe(at(2));
  });
});
