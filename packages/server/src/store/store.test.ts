import { type ApprovalStatus, HoldpointError, type NewEvent } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { getApproval, insertApproval } from "./approvals-table.ts";
import { insertEvents, listEvents, logHead, verifyChain } from "./events-table.ts";
import { openStore } from "./open-store.ts";
import { newApproval, newId, now, respond, store as save, viewer } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

function event(data: NewEvent["data"] = {}): NewEvent {
  return { type: "run.created", runId: newId("run"), data, at: now() };
}

const fifty = Array.from({ length: 50 }, (_, i) => i);

describe.each(testDatabases)("a store on $name", (kind) => {
  test("shows what was written once the write has resolved", async () => {
    await using store = await openTestStore(kind);
    const approval = await save(store, newApproval());
    expect(await getApproval(store.reader, "acme", approval.id)).toEqual(approval);
  });

  test("keeps nothing of a write that throws, and passes its error on", async () => {
    await using store = await openTestStore(kind);
    const approval = newApproval();
    const failing = store.write(async (tx) => {
      await insertApproval(tx, approval);
      await tx.append("acme", [event()]);
      throw new HoldpointError("forbidden", "No.");
    });
    await expect(failing).rejects.toThrow("No.");
    expect(await getApproval(store.reader, "acme", approval.id)).toBeUndefined();
    expect(await logHead(store.reader, "acme")).toMatchObject({ seq: 0 });
  });

  test("undoes only the one that fails among writes that arrive together", async () => {
    await using store = await openTestStore(kind);
    const writes = fifty.map((i) =>
      store.write(async (tx) => {
        const [appended] = await tx.append("acme", [event({ i })]);
        if (i % 5 === 3) throw new Error(`write ${i} fails`);
        return appended?.seq;
      }),
    );
    const results = await Promise.allSettled(writes);
    expect(results.map(({ status }) => status)).toEqual(fifty.map((i) => (i % 5 === 3 ? "rejected" : "fulfilled")));
    const events = await listEvents(store.reader, "acme", { limit: 100 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(new Set(events.map(({ data }) => (data as { i: number }).i))).toEqual(
      new Set(fifty.filter((i) => i % 5 !== 3)),
    );
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: true, events: 40 });
  });

  test("undoes only the one whose last statement fails, when nobody waits for that one", async () => {
    await using store = await openTestStore(kind);
    await store.write((tx) => tx.append("acme", [event()]));
    const again = await store.write((tx) => listEvents(tx.db, "acme", { limit: 1 }));
    const failing = fifty.map((i) =>
      store.write(async (tx) => {
        await tx.append("acme", [event({ i })]);
        if (i % 5 === 3) await insertEvents(tx.db, again, "later");
      }),
    );
    const results = await Promise.allSettled(failing);
    expect(results.map(({ status }) => status)).toEqual(fifty.map((i) => (i % 5 === 3 ? "rejected" : "fulfilled")));
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: true, events: 41 });
  });

  test("fails every write of a commit that fails, and keeps none of them", async () => {
    let failing = true;
    await using store = await openTestStore(kind, {
      failpoint: (name) => {
        if (name === "before-commit" && failing) throw new Error("The disk is full.");
      },
    });
    const refused = fifty.map(() => store.write((tx) => tx.append("acme", [event()])));
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ status: "rejected", reason: { message: "The disk is full." } });
    }
    failing = false;
    await store.write((tx) => tx.append("acme", [event()]));
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: true, events: 1 });
  });

  test("goes on with the log after a commit of which it could not tell that it was made", async () => {
    let failing = false;
    await using store = await openTestStore(kind, {
      failpoint: (name) => {
        if (name === "after-commit" && failing) throw new Error("The answer was lost.");
      },
    });
    await store.write((tx) => tx.append("acme", [event()]));
    failing = true;
    await expect(store.write((tx) => tx.append("acme", [event()]))).rejects.toThrow("The answer was lost.");
    failing = false;
    await store.write((tx) => tx.append("acme", [event()]));
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: true, events: 3 });
  });

  test("fails a write whose statement the database refuses, and goes on", async () => {
    await using store = await openTestStore(kind);
    const approval = await save(store, newApproval());
    const again = [save(store, approval), save(store, newApproval())];
    const [refused, accepted] = await Promise.allSettled(again);
    expect([refused?.status, accepted?.status]).toEqual(["rejected", "fulfilled"]);
    expect((await logHead(store.reader, "acme")).seq).toBe(2);
  });

  test("numbers a tenant's events without gaps under fifty concurrent writers", async () => {
    await using store = await openTestStore(kind);
    await Promise.all(fifty.map((i) => store.write((tx) => tx.append(i % 2 ? "acme" : "umbra", [event(), event()]))));
    for (const tenantId of ["acme", "umbra"]) {
      const events = await listEvents(store.reader, tenantId, { limit: 100 });
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      expect(await verifyChain(store.reader, tenantId)).toEqual({ ok: true, events: 50 });
    }
  });

  test("lets exactly one of fifty concurrent responders win, and tells the others who did", async () => {
    await using store = await openTestStore(kind);
    const { id, digest } = await save(store, newApproval());
    const responses = fifty.map((i) =>
      respond(store, viewer(`person-${i}`, { name: `Person ${i}` }), id, {
        type: i % 2 ? "approve" : "reject",
        digest,
      }),
    );
    const results = await Promise.allSettled(responses);
    const winner = results.findIndex(({ status }) => status === "fulfilled");
    const losers = results.flatMap((result) => (result.status === "rejected" ? [result.reason as HoldpointError] : []));
    expect(losers).toHaveLength(49);
    for (const loser of losers) {
      expect(loser.code).toBe("already_resolved");
      expect(loser.message).toContain(`Person ${winner} `);
    }
    const status: ApprovalStatus = winner % 2 ? "approved" : "rejected";
    expect(await getApproval(store.reader, "acme", id)).toMatchObject({ status, version: 2 });
    expect((await logHead(store.reader, "acme")).seq).toBe(3);
  });

  test("calls afterCommit listeners of what was committed only, before the write resolves", async () => {
    await using store = await openTestStore(kind);
    const calls: string[] = [];
    const writes = ["first", "failing", "second"].map((name) =>
      store.write(async (tx) => {
        tx.afterCommit(() => void calls.push(name));
        await tx.append("acme", [event()]);
        if (name === "failing") throw new Error(name);
        expect(calls).not.toContain(name);
      }),
    );
    await Promise.allSettled(writes);
    expect(calls.sort()).toEqual(["first", "second"]);
  });

  test("tells which tenants' logs have grown, and nothing after unsubscribing", async () => {
    await using store = await openTestStore(kind);
    const told = new Set<string>();
    const unsubscribe = store.onCommit((tenantIds) => {
      for (const id of tenantIds) told.add(id);
    });
    await store.write((tx) => tx.append("acme", [event()]));
    await store.write(async () => undefined);
    expect([...told]).toEqual(["acme"]);
    unsubscribe();
    await store.write((tx) => tx.append("umbra", [event()]));
    expect([...told]).toEqual(["acme"]);
  });

  test("reports a listener that throws and goes on", async () => {
    const errors: unknown[] = [];
    await using store = await openTestStore(kind, { onError: (error) => errors.push(error) });
    store.onCommit(() => {
      throw new Error("listener");
    });
    await store.write((tx) => tx.append("acme", [event()]));
    expect(errors).toEqual(expect.arrayContaining([new Error("listener")]));
  });

  test("finishes writes in flight when it is closed", async () => {
    await using database = await kind.create();
    const first = await openStore({ database: database.location() });
    const writes = fifty.map(() => first.write((tx) => tx.append("acme", [event()])));
    await first.close();
    await Promise.all(writes);
    const second = await openStore({ database: database.location() });
    expect((await logHead(second.reader, "acme")).seq).toBe(50);
    await second.close();
  });
});

const withReaders = testDatabases.filter(({ name }) => name === "sqlite3" || name === "postgres");

describe.each(withReaders)("reading on $name", (kind) => {
  test("goes on beside a write, and sees what was committed", async () => {
    await using store = await openTestStore(kind);
    const approval = newApproval();
    await store.write(async (tx) => {
      await insertApproval(tx, approval);
      expect(await getApproval(tx.db, "acme", approval.id)).toEqual(approval);
      expect(await getApproval(store.reader, "acme", approval.id)).toBeUndefined();
    });
    expect(await getApproval(store.reader, "acme", approval.id)).toEqual(approval);
  });
});
