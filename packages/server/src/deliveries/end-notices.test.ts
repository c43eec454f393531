import { DeliveryError, durationMs, type Viewer } from "@holdpoint/core";
import { describe, expect, test, vi } from "vitest";
import { respond } from "../approvals/respond.ts";
import { isoTime } from "../iso-time.ts";
import { type RunsNode, startNode } from "../runs/test-node.ts";
import { testDatabases } from "../store/test-databases.ts";
import { type DeliveryRow, removeExpired } from "./deliveries-table.ts";
import { redeliver } from "./redeliver.ts";
import { recordingChannel } from "./test-channel.ts";
import { host, startTestOutbox, type TestOutbox } from "./test-outbox.ts";

const ana: Viewer = { id: "ana", tenantId: "default", groups: [], role: "reviewer" };
const day = durationMs("1d");
const toOps = { channels: ["ops"] };

/** What each delivery tells of, and where it stands, oldest first. */
const standing = (rows: DeliveryRow[]) => rows.map(({ cause, status }) => `${cause} ${status}`);

const revoked = new DeliveryError("The token was revoked.", { permanent: true });

/** Lets time pass and removes what is not kept for as long. */
async function removeAfter({ clock, node }: Pick<TestOutbox, "clock" | "node">, ms: number): Promise<void> {
  clock.advance(ms);
  await node.store.write((tx) => removeExpired(tx, isoTime(clock.now()), 100));
}

describe.each(testDatabases)("who may have been asked hears the end on $name", (kind) => {
  test("also long after the ask was given up, which is then kept no longer than the end", async () => {
    const ops = recordingChannel(({ cause }) => (cause === "requested" ? Promise.reject(revoked) : undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries();
    await removeAfter(outbox, 91 * day);
    await outbox.approve(approval);
    expect(standing(await outbox.deliveries())).toEqual(["requested parked", "resolved delivered"]);
    expect(ops.causes()).toEqual(["requested", "resolved"]);
    await removeAfter(outbox, 8 * day);
    expect(await outbox.deliveries(() => undefined)).toEqual([]);
  });

  test("while the end can be told again, also when the ask was dropped between two attempts", async () => {
    let trouble = new DeliveryError("The service is down.");
    const ops = recordingChannel(() => Promise.reject(trouble));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries((rows) => expect(rows).toMatchObject([{ error: "The service is down." }]));
    trouble = revoked;
    await outbox.approve(approval);
    const [, end] = await outbox.deliveries();
    await removeAfter(outbox, 8 * day);
    await redeliver(outbox.node.ctx, host, end?.id ?? "");
    expect(standing(await outbox.deliveries())).toEqual(["requested dropped", "resolved parked"]);
    expect(ops.causes()).toEqual(["requested", "resolved", "resolved"]);
  });

  test("when the server stopped while it asked, and the ask wasn't sent again", async () => {
    const ops = recordingChannel(() => new Promise(() => undefined));
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { timeoutMs: day } });
    const { clock, database } = outbox;
    const { id, digest } = await outbox.request(toOps);
    await vi.waitFor(() => expect(ops.causes()).toEqual(["requested"]), { timeout: 60_000, interval: 5 });
    let isStopped = false;
    void outbox.node.stop().then(() => (isStopped = true));
    await vi.waitUntil(() => clock.advance(1_000) ?? isStopped, { timeout: 60_000, interval: 5 });
    const told = recordingChannel();
    const opened = Promise.withResolvers<RunsNode>();
    const decided = opened.promise.then(({ ctx }) => respond(ctx, ana, id, { type: "approve", digest }));
    const failpoint = (name: string) => (name === "after-delivery-claim" ? decided.then(() => undefined) : undefined);
    const channels = { ops: told };
    const next = await startNode(database.location(), { workflows: [], clock, outbox: { channels }, failpoint });
    opened.resolve(next);
    await vi.waitFor(() => expect(told.causes()).toEqual(["resolved"]), { timeout: 60_000, interval: 5 });
    const asked = next.store.reader.selectFrom("deliveries").selectAll().where("cause", "=", "requested");
    // What was cut short counts as an ask, but takes no attempt from the schedule.
    expect(await asked.executeTakeFirst()).toMatchObject({ status: "dropped", attempts: 0, earlier_attempts: 1 });
    await next.stop();
  });

  test("unless no channel can tell it, which is kept in sight with the ask for a while", async () => {
    const ops = recordingChannel(() => Promise.reject(new DeliveryError("The service is down.")));
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries((rows) => expect(rows).toMatchObject([{ error: "The service is down." }]));
    await outbox.node.stop();
    const { clock, database } = outbox;
    clock.advance(1);
    const without = await startNode(database.location(), { workflows: [], clock });
    await respond(without.ctx, ana, approval.id, { type: "approve", digest: approval.digest });
    const rows = () => without.store.reader.selectFrom("deliveries").selectAll().orderBy("id").execute();
    const parked = ["requested parked", "resolved parked"];
    await vi.waitFor(async () => expect(standing(await rows())).toEqual(parked), { timeout: 60_000, interval: 5 });
    await removeAfter({ clock, node: without }, 91 * day);
    expect(await rows()).toEqual([]);
    await without.stop();
  });

  test("but not where nothing was ever sent, however often that was tried without a channel", async () => {
    await using outbox = await startTestOutbox(kind);
    const approval = await outbox.request(toOps);
    const [asked] = await outbox.deliveries();
    await redeliver(outbox.node.ctx, host, asked?.id ?? "");
    expect(await outbox.deliveries()).toMatchObject([{ status: "parked", attempts: 0 }]);
    await outbox.approve(approval);
    expect(standing(await outbox.deliveries())).toEqual(["requested parked"]);
  });
});
