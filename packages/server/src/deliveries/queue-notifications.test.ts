import type { ApprovalRequest } from "@holdpoint/core";
import { describe, expect, test, vi } from "vitest";
import { reassignApproval } from "../approvals/approval-acts.ts";
import { cancelApproval } from "../approvals/cancel-approval.ts";
import { requestAsViewer } from "../approvals/request-approval.ts";
import { type RunsNode, startNode } from "../runs/test-node.ts";
import { testDatabases } from "../store/test-databases.ts";
import { systemViewer } from "../system-viewer.ts";
import { queueNotifications } from "./queue-notifications.ts";

async function request(node: RunsNode, fields: Partial<ApprovalRequest>) {
  const { approval } = await requestAsViewer(node.ctx, systemViewer, { title: "Refund order 7", ...fields });
  return approval;
}

function queued(node: RunsNode) {
  const columns = ["channel", "cause", "status", "error"] as const;
  return node.store.reader.selectFrom("deliveries").select(columns).orderBy("id").execute();
}

describe.each(testDatabases)("notifications on $name", (kind) => {
  test("are parked in sight where no channel is configured", async () => {
    await using database = await kind.create();
    const node = await startNode(database.location(), { workflows: [] });
    await request(node, { channels: ["ops"], destinations: [{ type: "slack", userId: "U1" }] });
    expect(await queued(node)).toEqual([
      { channel: "ops", cause: "requested", status: "parked", error: 'No channel "ops" is configured.' },
      {
        channel: "slack",
        cause: "requested",
        status: "parked",
        error: 'No channel for destinations of type "slack" is configured.',
      },
    ]);
    await node.stop();
  });

  test("of an end are parked in sight where people were asked by a channel that isn't configured any more", async () => {
    await using database = await kind.create();
    const ops = { send: async () => ({}) };
    const asking = await startNode(database.location(), { workflows: [], outbox: { channels: { ops } } });
    const approval = await request(asking, { channels: ["ops", "never"] });
    await vi.waitFor(async () => expect(await queued(asking)).toMatchObject([{ status: "delivered" }, {}]), 60_000);
    await asking.stop();
    const node = await startNode(database.location(), { workflows: [] });
    await cancelApproval(node.ctx, systemViewer, approval.id);
    expect(await queued(node)).toMatchObject([
      { channel: "ops", cause: "requested", status: "delivered" },
      { channel: "never", cause: "requested", status: "parked" },
      { channel: "ops", cause: "resolved", status: "parked", error: 'No channel "ops" is configured.' },
    ]);
    const kept = await node.store.reader.selectFrom("deliveries").select("expires_at").orderBy("id").execute();
    expect(kept).toEqual([kept[2], kept[1], { expires_at: expect.any(String) }]);
    await node.stop();
  });

  test("are queued once for each thing to tell, with what they tell of or not at all", async () => {
    await using database = await kind.create();
    const channels = { ops: { send: async () => ({}) }, mail: { type: "email" as const, send: async () => ({}) } };
    const node = await startNode(database.location(), { workflows: [], outbox: { channels } });
    const email = { type: "email" as const, email: "ana@acme.example" };
    const approval = await request(node, { channels: ["ops", "ops"], destinations: [email, email] });
    await node.store.write((tx) => queueNotifications(node.ctx, tx, approval, "requested"));
    await expect(
      node.store.write(async (tx) => {
        await queueNotifications(node.ctx, tx, approval, "reminded");
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await reassignApproval(node.ctx, systemViewer, approval.id, { users: ["ana"] });
    await cancelApproval(node.ctx, systemViewer, approval.id);
    const rows = await queued(node);
    expect(rows.map(({ channel, cause }) => [channel, cause])).toEqual([
      ["ops", "requested"],
      ["mail", "requested"],
      ["ops", "reassigned"],
      ["mail", "reassigned"],
      ["ops", "resolved"],
      ["mail", "resolved"],
    ]);
    await node.stop();
  });
});
