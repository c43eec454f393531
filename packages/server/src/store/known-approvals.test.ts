import type { Approval } from "@holdpoint/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { getApproval, lockApproval, saveApproval } from "./approvals-table.ts";
import { insertEvents, listEvents } from "./events-table.ts";
import { approvalKey, KnownApprovals, rememberedApprovals } from "./known-approvals.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import { newApproval, newId, now, store as save } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

/** How a write that changes an approval goes wrong: at once, or with a statement that nobody waits for. */
type Failure = "thrown" | "written later";

/** Retitles an approval, or fails to. */
function retitle(store: Store, id: string, title: string, failure: Failure | undefined): Promise<unknown> {
  return store.write(async (tx) => {
    const before = await lockApproval(tx, "acme", id);
    await saveApproval(tx, before, { ...before, title, version: before.version + 1 });
    if (failure === "thrown") throw new Error("It fails.");
    if (failure) await insertEvents(tx.db, await listEvents(tx.db, "acme", { limit: 1 }), "later");
  });
}

const lockedIn = (store: Store, id: string): Promise<Approval> => store.write((tx) => lockApproval(tx, "acme", id));

const write = fc.record({
  which: fc.nat({ max: 2 }),
  failure: fc.option(fc.constantFrom<Failure>("thrown", "written later"), { nil: undefined }),
});

describe.each(testDatabases)("approvals that are known on $name", (kind) => {
  test("are as they are stored, whichever of the writes that arrive together fail", async () => {
    await using store = await openTestStore(kind);
    await store.write((tx) => tx.append("acme", [{ type: "run.created", runId: newId("run"), data: {}, at: now() }]));
    const rounds = fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(rounds, async (batches) => {
      const approvals = await Promise.all(Array.from({ length: 3 }, () => save(store, newApproval())));
      const versions = approvals.map(() => 1);
      const ids = approvals.map(({ id }) => id);
      for (const [round, writes] of batches.entries()) {
        const results = await Promise.allSettled(
          writes.map(({ which, failure }, i) => retitle(store, ids[which] ?? "", `${round}.${i}`, failure)),
        );
        expect(results.map(({ status }) => status === "fulfilled")).toEqual(writes.map(({ failure }) => !failure));
        for (const { which, failure } of writes) if (!failure) versions[which] = (versions[which] ?? 0) + 1;
        const stored = await Promise.all(ids.map((id) => getApproval(store.reader, "acme", id)));
        expect(stored.map((approval) => approval?.version)).toEqual(versions);
        expect(await Promise.all(ids.map((id) => lockedIn(store, id)))).toEqual(stored);
      }
    });
    await fc.assert(property, { numRuns: 15 });
  });

  test("are read again after a restart", async () => {
    await using database = await kind.create();
    const first = await openStore({ database: database.location() });
    const { id } = await save(first, newApproval());
    await first.close();
    const second = await openStore({ database: database.location() });
    await retitle(second, id, "After", undefined);
    expect(await getApproval(second.reader, "acme", id)).toMatchObject({ title: "After", version: 2 });
    await second.close();
  });

  test("are a tenant's own", async () => {
    await using store = await openTestStore(kind);
    const { id } = await save(store, newApproval());
    await expect(store.write((tx) => lockApproval(tx, "other", id))).rejects.toThrow(`There is no approval ${id}.`);
  });
});

test("what a transaction knows outlives it only when it is kept", () => {
  const remembered = rememberedApprovals();
  const batch = new KnownApprovals(remembered);
  const failed = new KnownApprovals(batch);
  failed.set("a", "1");
  const succeeded = new KnownApprovals(batch);
  succeeded.set("b", "2");
  expect([succeeded.get("a"), succeeded.get("b"), batch.get("b")]).toEqual([undefined, "2", undefined]);
  succeeded.keep();
  expect([batch.get("b"), remembered.get("b")]).toEqual(["2", undefined]);
  batch.keep();
  expect([remembered.get("a"), remembered.get("b")]).toEqual([undefined, "2"]);
});

test("what is remembered stays small, however much passes by", () => {
  const remembered = rememberedApprovals();
  const body = "x".repeat(300_000);
  const keys = Array.from({ length: 40 }, (_, i) => approvalKey({ tenantId: "acme", id: `apr_${i}` }));
  for (const key of keys) remembered.set(key, body);
  const kept = keys.filter((key) => remembered.get(key) !== undefined);
  expect(kept.length * body.length).toBeLessThanOrEqual(4_000_000);
  expect(kept).toContain(keys.at(-1));
  remembered.set("grown", "small");
  remembered.set("grown", "x".repeat(5_000_000));
  expect(remembered.get("grown")).toBeUndefined();
});
