import { type NewEvent, zeroHash } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { eventsOfApproval, listEvents, logHead, logHeads, verifyChain } from "./events-table.ts";
import type { Store } from "./store.ts";
import { newApproval, respond, store as save, viewer } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

const event: NewEvent = {
  type: "run.created",
  runId: "run_1",
  data: { n: 1, text: "ä\0" },
  at: "2026-01-01T00:00:00.000Z",
};

/** A log of ten events. */
async function fill(store: Store): Promise<void> {
  await store.write((tx) =>
    tx.append(
      "acme",
      Array.from({ length: 10 }, () => event),
    ),
  );
}

describe.each(testDatabases)("the log on $name", (kind) => {
  test("gives back what was appended", async () => {
    await using store = await openTestStore(kind);
    const appended = await store.write((tx) =>
      tx.append("acme", [
        event,
        { ...event, runId: undefined, approvalId: "apr_1", actor: { id: "ana", name: "Ana" } },
      ]),
    );
    expect(await listEvents(store.reader, "acme", { limit: 10 })).toEqual(appended);
    expect(await listEvents(store.reader, "umbra", { limit: 10 })).toEqual([]);
    expect(appended.map(({ prevHash }) => prevHash)).toEqual([zeroHash, appended[0]?.hash]);
  });

  test("knows where each tenant's log ends", async () => {
    await using store = await openTestStore(kind);
    await fill(store);
    const [last] = await store.write((tx) => tx.append("umbra", [event]));
    expect(await logHead(store.reader, "nobody")).toEqual({ seq: 0, hash: zeroHash });
    expect(await logHead(store.reader, "umbra")).toEqual({ seq: 1, hash: last?.hash });
    expect([...(await logHeads(store.reader)).keys()].sort()).toEqual(["acme", "umbra"]);
    expect([...(await logHeads(store.reader, ["umbra", "nobody"])).keys()]).toEqual(["umbra"]);
  });

  test("tells the history of one approval", async () => {
    await using store = await openTestStore(kind);
    const { id, digest } = await save(store, newApproval());
    await save(store, newApproval());
    await respond(store, viewer("ana"), id, { type: "approve", digest });
    const history = await eventsOfApproval(store.reader, "acme", id, { limit: 10 });
    expect(history.map(({ type }) => type)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
    expect(await eventsOfApproval(store.reader, "acme", id, { after: history[0]?.seq, limit: 1 })).toEqual([
      history[1],
    ]);
    expect(await eventsOfApproval(store.reader, "umbra", id, { limit: 10 })).toEqual([]);
  });

  test("verifies a log longer than one reading", async () => {
    await using store = await openTestStore(kind);
    await store.write((tx) =>
      tx.append(
        "acme",
        Array.from({ length: 1_200 }, () => event),
      ),
    );
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: true, events: 1_200 });
    expect(await verifyChain(store.reader, "nobody")).toEqual({ ok: true, events: 0 });
  });

  test("shows which row was changed", async () => {
    await using store = await openTestStore(kind);
    await fill(store);
    await store.write(({ db }) => db.updateTable("events").set({ data: "{}" }).where("seq", "=", 4).execute());
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: false, brokenAt: 4 });
  });

  test("shows that a row was removed, also the last one", async () => {
    await using store = await openTestStore(kind);
    await fill(store);
    await store.write(({ db }) => db.deleteFrom("events").where("seq", "=", 10).execute());
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: false, brokenAt: 10 });
    await store.write(({ db }) => db.deleteFrom("events").where("seq", "=", 6).execute());
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: false, brokenAt: 6 });
  });

  test("shows that rows were put in", async () => {
    await using store = await openTestStore(kind);
    await fill(store);
    const [last] = await listEvents(store.reader, "acme", { after: 9, limit: 1 });
    await store.write(({ db }) =>
      db
        .insertInto("events")
        .values({
          tenant_id: "acme",
          seq: 11,
          type: "run.created",
          data: "{}",
          at: event.at,
          prev_hash: last?.hash ?? "",
          hash: "0",
        })
        .execute(),
    );
    expect(await verifyChain(store.reader, "acme")).toEqual({ ok: false, brokenAt: 11 });
  });
});
