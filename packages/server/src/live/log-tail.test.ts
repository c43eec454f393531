import { type Approval, createApproval, createIds } from "@holdpoint/core";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock.ts";
import { insertApproval } from "../store/approvals-table.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { openTestStore, sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createManualClock } from "../testing.ts";
import { createLogTail, type LogTail } from "./log-tail.ts";
import type { LogBatch } from "./tenant-tail.ts";

const newId = createIds();
const logger = pino({ enabled: false });

function tailOf(store: Store, clock = systemClock): LogTail {
  const log = createLogTail({ store, clock, logger });
  log.start();
  onTestFinished(() => log.stop());
  return log;
}

async function batchesOf(log: LogTail, tenantId = "acme"): Promise<LogBatch[]> {
  const batches: LogBatch[] = [];
  await log.subscribe(tenantId, (batch) => batches.push(batch));
  return batches;
}

async function request(store: Store, title: string, tenantId = "acme"): Promise<Approval> {
  const at = new Date().toISOString();
  const approval = createApproval({ title }, { id: newId("apr"), tenantId, now: at });
  await store.write(async (tx) => {
    await insertApproval(tx, approval);
    await tx.append(tenantId, [{ type: "approval.requested", approvalId: approval.id, data: {}, at }]);
  });
  return approval;
}

describe.each(testDatabases)("a log tail on $name", (kind) => {
  test("tells every event of many writers once, in order", async () => {
    await using store = await openTestStore(kind);
    const batches = await batchesOf(tailOf(store));
    const requested = await Promise.all(Array.from({ length: 150 }, (_, i) => request(store, `Refund ${i}`)));
    await expect.poll(() => batches.at(-1)?.to).toBe(150);
    expect(batches.map(({ from }) => from)).toEqual([0, ...batches.slice(0, -1).map(({ to }) => to)]);
    const changes = batches.flatMap((batch) => batch.changes);
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
    expect(new Set(changes.map(({ approval }) => approval.id))).toEqual(new Set(requested.map(({ id }) => id)));
  });
});

/** Those that can be read while a write is under way; the others have one connection for both. */
const readWhileWriting = testDatabases.filter(({ name }) => name === "sqlite3" || name === "postgres");

describe.each(readWhileWriting)("a log tail on $name", (kind) => {
  test("tells nothing before it is committed", async () => {
    const commit = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    await using store = await openTestStore(kind, {
      failpoint: async (name) => {
        if (name !== "before-commit") return;
        reached.resolve();
        await commit.promise;
      },
    });
    const log = tailOf(store);
    const batches = await batchesOf(log);
    const requesting = request(store, "Refund order 7");
    await reached.promise;
    await (await log.follow("acme")).advance();
    expect(batches).toEqual([]);
    commit.resolve();
    await requesting;
    await expect.poll(() => batches.map(({ to }) => to)).toEqual([1]);
  });
});

describe.each(sharedTestDatabases)("log tails of two servers on $name", ({ create }) => {
  test("tell what either of them commits", async () => {
    await using database = await create();
    const [one, two] = [
      await openStore({ database: database.location() }),
      await openStore({ database: database.location() }),
    ];
    const [heardByOne, heardByTwo] = [await batchesOf(tailOf(one)), await batchesOf(tailOf(two))];
    await request(one, "Refund order 7");
    await request(two, "Refund order 8");
    for (const heard of [heardByOne, heardByTwo]) {
      await expect
        .poll(() => heard.flatMap(({ changes }) => changes.map(({ approval }) => approval.title)))
        .toEqual(["Refund order 7", "Refund order 8"]);
    }
    await Promise.all([one.close(), two.close()]);
  });
});

test("finds by looking what no signal told of", async () => {
  await using store = await openTestStore();
  const clock = createManualClock();
  const batches = await batchesOf(tailOf({ ...store, onCommit: () => () => undefined }, clock));
  await request(store, "Refund order 7");
  clock.advance(5_000);
  await expect.poll(() => batches.map(({ to }) => to)).toEqual([1]);
});

test("tells only of tenants that are listened to, and stops following the others", async () => {
  await using store = await openTestStore();
  const clock = createManualClock();
  const log = tailOf(store, clock);
  const batches = await batchesOf(log);
  const unwatched = await log.follow("globex");
  await request(store, "Not for Acme", "globex");
  await expect.poll(() => unwatched.head.seq).toBe(1);
  clock.advance(70_000);
  await expect.poll(async () => (await log.follow("globex")) === unwatched).toBe(false);
  await request(store, "Refund order 7");
  await expect.poll(() => batches.map(({ tenantId, to }) => `${tenantId} ${to}`)).toEqual(["acme 1"]);
});
