import { applyCancel, DeliveryError, type Json, workflow } from "@holdpoint/core";
import { describe, expect, test, vi } from "vitest";
import { cancelApproval } from "../approvals/cancel-approval.ts";
import { requestApproval, requestAsViewer } from "../approvals/request-approval.ts";
import { transition } from "../approvals/transition.ts";
import { startNode } from "../runs/test-node.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import type { DeliveryRow } from "./deliveries-table.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { redeliver } from "./redeliver.ts";
import { recordingChannel } from "./test-channel.ts";
import { host, startTestOutbox } from "./test-outbox.ts";

const toOps = { channels: ["ops"] };
const down = () => Promise.reject(new Error("503"));

/** For {@link TestOutbox.deliveries}: the first delivery has been tried so often, and waits until then. */
function tried(attempts: number, until = "00:00:01") {
  const due_at = `2026-01-01T${until}.000Z`;
  return ([first]: DeliveryRow[]) => expect(first).toMatchObject({ attempts, error: "503", due_at });
}

function cycle(): object {
  const ring: { next?: object } = {};
  ring.next = ring;
  return ring;
}

describe.each(testDatabases)("a sender on $name", (kind) => {
  test("sends a notification with what is needed to decide, and keeps what the channel returned", async () => {
    const ops = recordingChannel(async () => ({ ref: { ts: "17.1" } }));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const { id } = await outbox.request({ ...toOps, message: "Broken on arrival" });
    const [row] = await outbox.deliveries();
    expect(row).toMatchObject({ status: "delivered", attempts: 1, ref: '{"ts":"17.1"}', due_at: null });
    expect(ops.sent).toMatchObject([
      { id: row?.id, cause: "requested", title: "Refund order 7", message: "Broken on arrival", approval: { id } },
    ]);
    expect(ops.sent[0]?.buttons.map(({ approvalId }) => approvalId)).toEqual([id, id]);
  });

  test("B3: routes a destination to the channel that is configured for its type", async () => {
    const [ops, chat] = [recordingChannel(), recordingChannel(undefined, "slack")];
    await using outbox = await startTestOutbox(kind, { channels: { ops, chat } });
    const destination = { type: "slack" as const, channelId: "C1", threadId: "17.2" };
    await outbox.request({ destinations: [destination] });
    expect(await outbox.deliveries()).toMatchObject([{ channel: "chat", status: "delivered" }]);
    expect([ops.sent, chat.sent]).toMatchObject([[], [{ destination }]]);
  });

  test("tells the channel how an approval ended, with what it returned before", async () => {
    const ops = recordingChannel(async ({ cause }) => ({ ref: cause }));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries();
    await outbox.approve(approval);
    await outbox.deliveries();
    expect(ops.sent.at(-1)).toMatchObject({
      cause: "resolved",
      refs: ["requested"],
      buttons: [],
      approval: { status: "approved", outcome: { decidedBy: [{ id: "ana" }] } },
    });
  });

  test("tries again by the schedule, under the same id, then parks", async () => {
    const ops = recordingChannel(down);
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { schedule: ["1s", "1m"] } });
    await outbox.request(toOps);
    await outbox.deliveries(tried(1));
    outbox.clock.advance(1_000);
    await outbox.deliveries(tried(2, "00:01:01"));
    outbox.clock.advance(59_000);
    outbox.clock.advance(1_000);
    const [row] = await outbox.deliveries();
    expect(row).toMatchObject({ status: "parked", attempts: 3, error: "503", due_at: null });
    expect(ops.sent.map(({ id }) => id)).toEqual([row?.id, row?.id, row?.id]);
  });

  test.each<[what: string, thrown: unknown, error: string]>([
    ["holds what no database does", new Error("502 \0 \ud83d"), "502  \uFFFD"],
    ["is no error", Object.create(null), "[Object: null prototype] {}"],
    ["has no text", Object.assign(new Error("503"), { message: 503 }), "503"],
    ["names no time", new DeliveryError("503", { retryAfterMs: Number.NaN }), "503"],
  ])("tries again by the schedule after a failure that %s", async (_what, thrown, error) => {
    const ops = recordingChannel(() => Promise.reject(thrown));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    await outbox.request(toOps);
    await outbox.deliveries(([row]) =>
      expect(row).toMatchObject({ attempts: 1, error, due_at: "2026-01-01T00:00:01.000Z" }),
    );
  });

  test.each<[what: string, returned: unknown]>([
    ["nothing", undefined],
    ["a ref that is not JSON", { ref: 1n }],
    ["a ref that holds itself", { ref: cycle() }],
  ])("has sent what a channel returns %s for", async (_what, returned) => {
    const send = vi.fn(async () => returned as { ref?: Json });
    await using outbox = await startTestOutbox(kind, { channels: { ops: { send } } });
    await outbox.request(toOps);
    expect(await outbox.deliveries()).toMatchObject([{ status: "delivered", attempts: 1, ref: null }]);
  });

  test("doesn't try again before it is time", async () => {
    const ops = recordingChannel(down);
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { schedule: ["1h"] } });
    await outbox.request(toOps);
    await outbox.deliveries(tried(1, "01:00:00"));
    outbox.clock.advance(3_599_000);
    await outbox.node.deadlines.stop();
    expect(ops.sent).toHaveLength(1);
  });

  test("parks at once what is no use to repeat, and waits as long as the receiver wants", async () => {
    const gone = recordingChannel(() => Promise.reject(new DeliveryError("404", { permanent: true })));
    const busy = recordingChannel(() => Promise.reject(new DeliveryError("429", { retryAfterMs: 90_000 })));
    await using outbox = await startTestOutbox(kind, { channels: { gone, busy } });
    await outbox.request({ channels: ["gone", "busy"] });
    const [first, second] = await outbox.deliveries((rows) => {
      expect(rows.map(({ error }) => error)).toEqual(["404", "429"]);
    });
    expect([first?.status, second?.status]).toEqual(["parked", "pending"]);
    expect(second?.due_at).toBe("2026-01-01T00:01:30.000Z");
  });

  test("tells of a gate by the channels that it names, or else by those of its workflow", async () => {
    const [ops, legal] = [recordingChannel(), recordingChannel()];
    const publish = workflow("publish", { version: 1, defaults: { channels: ["ops"] } }, async (run) => {
      await Promise.all([
        run.approval("editorial", { title: "Publish?" }),
        run.approval("legal", { title: "Lawful?", channels: ["legal"] }),
      ]);
    });
    await using outbox = await startTestOutbox(kind, { channels: { ops, legal }, workflows: [publish] });
    await outbox.node.runs.start(host, { workflow: "publish", input: null });
    await outbox.deliveries((rows) => {
      expect(rows.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
    });
    expect([ops.sent, legal.sent]).toMatchObject([[{ title: "Publish?" }], [{ title: "Lawful?" }]]);
  });

  test("keeps the order of one approval and holds up no other", async () => {
    let isDown = true;
    const ops = recordingChannel(({ title }) => (isDown && title === "First" ? down() : undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const stages = [{ users: ["ana"] }, { users: ["bo"] }];
    const first = await outbox.request({ ...toOps, title: "First", stages });
    await outbox.deliveries(tried(1));
    await outbox.approve(first);
    await outbox.request({ ...toOps, title: "Second" });
    await outbox.deliveries((rows) => expect(rows.at(-1)?.status).toBe("delivered"));
    expect(ops.sent.map(({ title, cause }) => [title, cause])).toEqual([
      ["First", "requested"],
      ["Second", "requested"],
    ]);
    isDown = false;
    outbox.clock.advance(1_000);
    await outbox.deliveries();
    expect(ops.causes().slice(2)).toEqual(["requested", "stage_opened"]);
  });

  test("asks nobody what has been decided, and tells nobody the end of what they weren't asked", async () => {
    const ops = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    await outbox.node.store.write(async (tx) => {
      // Decided before a sender can have seen it.
      const { ctx } = outbox.node;
      const { approval } = await requestApproval(
        ctx,
        tx,
        { tenantId: "default", policy: undefined },
        { title: "Quick", ...toOps },
      );
      await transition(ctx, tx, approval, applyCancel(approval, { now: approval.createdAt }));
    });
    const rows = await outbox.deliveries();
    expect(rows.map(({ cause, status, attempts }) => [cause, status, Number(attempts)])).toEqual([
      ["requested", "dropped", 0],
      ["resolved", "dropped", 0],
    ]);
    expect(ops.sent).toEqual([]);
  });

  test("tells the end at once where an ask was to be tried again much later, and not before one that is being made", async () => {
    let attempt = (): Promise<never> => down();
    const ops = recordingChannel(({ cause }) => (cause === "requested" ? attempt() : undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { schedule: ["10h"] } });
    const waiting = await outbox.request(toOps);
    await outbox.deliveries(tried(1, "10:00:00"));
    await outbox.approve(waiting);
    await outbox.deliveries();
    const failing = Promise.withResolvers<never>();
    attempt = () => failing.promise;
    const asked = await outbox.request(toOps);
    await vi.waitFor(() => expect(ops.sent).toHaveLength(3), { timeout: 60_000 });
    await outbox.approve(asked);
    failing.reject(new Error("503"));
    const rows = await outbox.deliveries();
    expect(rows.map(({ cause, status, attempts }) => [cause, status, Number(attempts)])).toEqual([
      ["requested", "dropped", 1],
      ["resolved", "delivered", 1],
      ["requested", "dropped", 1],
      ["resolved", "delivered", 1],
    ]);
    expect(ops.causes()).toEqual(["requested", "resolved", "requested", "resolved"]);
  });

  test("has no more in flight for a channel than it may, and holds up no other channel", async () => {
    const release: (() => void)[] = [];
    const slow = recordingChannel(() => new Promise((resolve) => release.push(() => resolve({}))));
    const fast = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { slow, fast }, deliveries: { concurrency: 2 } });
    for (let n = 0; n < 5; n++) await outbox.request({ channels: ["slow"] });
    await outbox.request({ channels: ["fast"] });
    await outbox.deliveries((rows) => expect(rows.at(-1)?.status).toBe("delivered"));
    expect([slow.sent.length, fast.sent.length]).toEqual([2, 1]);
    while (slow.sent.length < 5) {
      for (const go of release.splice(0)) go();
      await vi.waitFor(() => expect(release.length).toBeGreaterThan(0), { interval: 5, timeout: 60_000 });
      expect(release.length).toBeLessThanOrEqual(2);
    }
    for (const go of release.splice(0)) go();
    await outbox.deliveries();
  });

  test("holds up nothing of one tenant for another whose receiver doesn't answer", async () => {
    const answer = Promise.withResolvers<undefined>();
    const ops = recordingChannel(({ tenantId }) => (tenantId === "slow" ? answer.promise : undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { concurrency: 2 } });
    const request = (tenantId: string) =>
      requestAsViewer(outbox.node.ctx, { ...host, tenantId }, { title: "Refund order 7", ...toOps });
    for (let n = 0; n < 3; n++) await request("slow");
    await request("quick");
    const rows = await outbox.deliveries((rows) => expect(rows.at(-1)?.status).toBe("delivered"));
    expect(rows.map(({ attempts }) => Number(attempts))).toEqual([1, 1, 0, 1]);
    answer.resolve(undefined);
    await outbox.deliveries();
  });

  test("has no more in flight than it may in all, however many tenants have something to send", async () => {
    const release: (() => void)[] = [];
    const ops = recordingChannel(() => new Promise((resolve) => release.push(() => resolve({}))));
    const deliveries = { concurrency: 2, totalConcurrency: 3 };
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries });
    for (let n = 0; n < 8; n++) {
      const tenantId = `tenant-${n % 4}`;
      await requestAsViewer(outbox.node.ctx, { ...host, tenantId }, { title: "Refund order 7", ...toOps });
    }
    for (let sent = 0; sent < 8; sent++) {
      await vi.waitFor(() => expect(release).toHaveLength(Math.min(3, 8 - sent)), { interval: 5, timeout: 60_000 });
      await outbox.deliveries((rows) =>
        expect(rows.filter(({ in_flight }) => Number(in_flight) === 1)).toHaveLength(release.length),
      );
      release.shift()?.();
    }
    await outbox.deliveries();
  });

  test("gives up waiting for a channel that doesn't answer", async () => {
    const ops = recordingChannel(() => new Promise(() => undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { timeoutMs: 5_000 } });
    await outbox.request(toOps);
    await vi.waitFor(() => expect(ops.sent).toHaveLength(1), { timeout: 60_000 });
    outbox.clock.advance(5_000);
    const [row] = await outbox.deliveries(([row]) => expect(row?.error).toContain("no answer within 5 s"));
    expect(row).toMatchObject({ status: "pending", attempts: 1 });
  });

  test("sends again what a process that died had claimed, under the same id", async () => {
    const ops = recordingChannel(() => new Promise(() => undefined));
    const taken = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    await outbox.request(toOps);
    await vi.waitFor(() => expect(ops.sent).toHaveLength(1), { timeout: 60_000 });
    await outbox.node.crash();
    const { clock, database } = outbox;
    const next = await startNode(database.location(), { workflows: [], clock, outbox: { channels: { ops: taken } } });
    expect(taken.sent).toEqual([]);
    clock.advance(60_000);
    await vi.waitFor(() => expect(taken.sent).toHaveLength(1), { timeout: 60_000 });
    expect(taken.sent[0]?.id).toBe(ops.sent[0]?.id);
    await next.stop();
  });

  test("parks what a channel of an earlier configuration was to send, until it is sent again", async () => {
    const broken = recordingChannel(down);
    await using outbox = await startTestOutbox(kind, { channels: { ops: broken }, deliveries: { schedule: ["1s"] } });
    await outbox.request(toOps);
    await outbox.deliveries(tried(1));
    await outbox.node.stop();
    const { clock, database } = outbox;
    clock.advance(1_000);
    const without = await startNode(database.location(), { workflows: [], clock });
    const parked = await vi.waitFor(
      async () => {
        const { items } = await listDeliveries(without.ctx, host, { status: ["parked"] });
        expect(items).toMatchObject([{ channel: "ops", error: 'No channel "ops" is configured.' }]);
        return items[0];
      },
      { timeout: 60_000 },
    );
    await without.stop();
    const ops = recordingChannel();
    const again = await startNode(database.location(), { workflows: [], clock, outbox: { channels: { ops } } });
    await redeliver(again.ctx, host, parked?.id ?? "");
    await vi.waitFor(() => expect(ops.sent).toMatchObject([{ id: parked?.id, cause: "requested" }]), {
      timeout: 60_000,
    });
    await again.stop();
  });

  test("lets what is in flight end when it stops, and leaves the rest to others", async () => {
    let finish = () => {};
    const ops = recordingChannel(() => new Promise((resolve) => (finish = () => resolve({}))));
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { concurrency: 1 } });
    await outbox.request(toOps);
    await outbox.request(toOps);
    await vi.waitFor(() => expect(ops.sent).toHaveLength(1), { timeout: 60_000 });
    const stopped = outbox.node.stop();
    finish();
    await stopped;
    expect(ops.sent).toHaveLength(1);
    const { clock, database } = outbox;
    const next = await startNode(database.location(), { workflows: [], clock });
    const { items } = await listDeliveries(next.ctx, host, {});
    expect(items.at(-1)).toMatchObject({ status: "delivered", attempts: 1 });
    await next.stop();
  });

  test("removes what was delivered once its time is over, but not while the approval is pending", async () => {
    const ops = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    const ended = await outbox.request({ ...toOps, title: "Ended" });
    await outbox.deliveries();
    await cancelApproval(outbox.node.ctx, host, ended.id);
    await outbox.deliveries((rows) => expect(rows.map(({ status }) => status)).toEqual(Array(3).fill("delivered")));
    outbox.clock.advance(8 * 86_400_000);
    const left = await outbox.deliveries((rows) => expect(rows).toHaveLength(1));
    expect(left[0]?.approval_id).toBe(approval.id);
  });
});

describe.each(sharedTestDatabases)("two senders on $name", (kind) => {
  test("make every delivery once", async () => {
    const [one, two] = [recordingChannel(), recordingChannel()];
    await using outbox = await startTestOutbox(kind, { channels: { ops: one } });
    const { clock, database } = outbox;
    const other = await startNode(database.location(), { workflows: [], clock, outbox: { channels: { ops: two } } });
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        await outbox.request(toOps);
        other.ctx.outbox.queued();
      }),
    );
    await outbox.deliveries((rows) => expect(rows.filter(({ status }) => status === "delivered")).toHaveLength(40));
    const ids = [...one.sent, ...two.sent].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
    await other.stop();
  });
});
