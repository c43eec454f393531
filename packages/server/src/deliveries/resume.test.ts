import {
  type Approval,
  type ApprovalRequest,
  DeliveryError,
  maxGroupSize,
  type Resumer,
  type Resumption,
  type Viewer,
} from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { cancelApproval } from "../approvals/cancel-approval.ts";
import { approvalEvents, getApproval } from "../approvals/read-approvals.ts";
import { requestAsViewer } from "../approvals/request-approval.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { groupOf } from "./approval-groups.ts";
import { redeliver } from "./redeliver.ts";
import { host, startTestOutbox, type TestOutbox } from "./test-outbox.ts";

const source = { engine: "elsewhere", ref: { thread: "t1" } };

/** A resumer that keeps what it is given. */
function recordingResumer(deliver: (attempt: number) => ReturnType<Resumer["deliver"]> = async () => "delivered") {
  const resumed: Resumption[] = [];
  const resumer: Resumer = {
    engine: "elsewhere",
    deliver: (resumption) => deliver(resumed.push(resumption)),
  };
  return { resumer, resumed };
}

async function ended(outbox: TestOutbox, fields: Partial<ApprovalRequest> = {}): Promise<Approval> {
  return outbox.approve(await outbox.request({ source, ...fields }));
}

async function historyOf({ node }: TestOutbox, { id }: Approval): Promise<string[]> {
  const { items } = await approvalEvents(node.ctx, host, id, {});
  return items.map(({ type }) => type);
}

describe.each(testDatabases)("an outcome on $name", (kind) => {
  test("is delivered with all that the waiting program needs, and the approval says so", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const approval = await ended(outbox, { key: "order-7" });
    expect(approval.delivery).toBe("pending");
    const [row] = await outbox.deliveries();
    expect(row).toMatchObject({ kind: "resume", channel: "elsewhere", status: "delivered" });
    const { id: approvalId, outcome } = approval;
    expect(resumed).toEqual([
      {
        id: row?.id,
        tenantId: "default",
        at: outcome?.at,
        approvals: [{ approvalId, key: "order-7", kind: "approval", source, outcome }],
      },
    ]);
    const stored = await getApproval(outbox.node.ctx, host, approvalId);
    expect([stored.status, stored.delivery]).toEqual(["approved", "delivered"]);
    expect((await historyOf(outbox, approval)).at(-1)).toBe("approval.delivered");
  });

  test("counts as delivered when the program knows it already", async () => {
    const { resumer } = recordingResumer(async () => "already_resolved");
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const approval = await ended(outbox);
    await outbox.deliveries();
    expect((await getApproval(outbox.node.ctx, host, approval.id)).delivery).toBe("delivered");
  });

  test("is parked in sight when the program is gone, and can be sent again", async () => {
    const { resumer, resumed } = recordingResumer(async (attempt) => (attempt === 1 ? "gone" : "delivered"));
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const approval = await ended(outbox);
    const [row] = await outbox.deliveries();
    expect(row).toMatchObject({ status: "parked", attempts: 1, error: "What waited for this is gone." });
    expect((await getApproval(outbox.node.ctx, host, approval.id)).delivery).toBe("failed");
    expect((await redeliver(outbox.node.ctx, host, row?.id ?? "")).status).toBe("pending");
    expect(await outbox.deliveries()).toMatchObject([{ id: row?.id, status: "delivered" }]);
    expect((await getApproval(outbox.node.ctx, host, approval.id)).delivery).toBe("delivered");
    expect(resumed.map(({ id }) => id)).toEqual([row?.id, row?.id]);
    expect((await historyOf(outbox, approval)).slice(-2)).toEqual(["approval.delivery_failed", "approval.delivered"]);
  });

  test("is tried again until the program takes it", async () => {
    const { resumer, resumed } = recordingResumer(async (attempt) => {
      if (attempt < 3) throw new DeliveryError("500");
      return "delivered";
    });
    await using outbox = await startTestOutbox(kind, { resumers: [resumer], deliveries: { schedule: ["1s", "1s"] } });
    await ended(outbox);
    for (const attempts of [1, 2]) {
      const due_at = `2026-01-01T00:00:0${attempts}.000Z`;
      await outbox.deliveries(([row]) => expect(row).toMatchObject({ attempts, error: "500", due_at }));
      outbox.clock.advance(1_000);
    }
    expect(await outbox.deliveries()).toMatchObject([{ status: "delivered", attempts: 3 }]);
    expect(resumed).toHaveLength(3);
  });

  test("is parked in sight when nothing is configured to deliver it", async () => {
    await using outbox = await startTestOutbox(kind);
    const approval = await ended(outbox);
    expect(approval.delivery).toBe("failed");
    const error = 'No resumer for the engine "elsewhere" is configured.';
    expect(await outbox.deliveries()).toMatchObject([{ status: "parked", error }]);
  });

  test("is left for the requester to ask for when it left nothing to be woken by", async () => {
    await using outbox = await startTestOutbox(kind);
    const approval = await ended(outbox, { source: { engine: "elsewhere" } });
    expect(approval).not.toHaveProperty("delivery");
    expect(await outbox.deliveries(() => undefined)).toEqual([]);
  });
});

describe.each(testDatabases)("a group on $name", (kind) => {
  const all = (size?: number) => ({ source, group: { key: "turn-1", mode: "all" as const, ...(size && { size }) } });

  test("of mode each delivers every member on its own", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const group = { key: "turn-1", mode: "each" as const };
    await outbox.request({ source, group });
    const member = await ended(outbox, { group });
    await outbox.deliveries();
    expect(resumed.map(({ approvals }) => approvals.map(({ approvalId }) => approvalId))).toEqual([[member.id]]);
  });

  test("of mode all delivers its members together, in the order of their requests, once the last one has ended", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const members = [await outbox.request(all()), await outbox.request(all()), await outbox.request(all())];
    for (const member of members.toReversed()) {
      expect(resumed).toEqual([]);
      await outbox.approve(member);
    }
    const [row] = await outbox.deliveries();
    expect(resumed).toMatchObject([{ id: row?.id, group: "turn-1" }]);
    expect(resumed[0]?.approvals.map(({ approvalId }) => approvalId)).toEqual(members.map(({ id }) => id));
    for (const { id } of members) {
      expect((await getApproval(outbox.node.ctx, host, id)).delivery).toBe("delivered");
    }
  });

  test("of a named size waits for members that are still to come", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    await ended(outbox, all(2));
    expect(await outbox.deliveries(() => undefined)).toEqual([]);
    await ended(outbox, all(2));
    await outbox.deliveries();
    expect(resumed.map(({ approvals }) => approvals.length)).toEqual([2]);
  });

  test("of no named size delivers members that come later in a round of their own", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    await ended(outbox, all());
    await outbox.deliveries();
    await ended(outbox, all());
    await outbox.deliveries((rows) => expect(rows).toMatchObject([{ status: "delivered" }, { status: "delivered" }]));
    expect(resumed.map(({ approvals }) => approvals.length)).toEqual([1, 1]);
  });

  test("is its owner's: others who use the same key wait for their own members, and neither for the other", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const { ctx } = outbox.node;
    const eve: Viewer = { id: "eve", tenantId: "default", groups: [], role: "requester" };
    const stranger = await requestAsViewer(ctx, eve, { title: "Refund order 8", ...all(1) });
    const [first, second] = [await outbox.request(all(2)), await outbox.request(all(2))];
    await outbox.approve(first);
    await outbox.approve(second);
    await outbox.deliveries();
    await outbox.approve(stranger.approval);
    await outbox.deliveries((rows) => expect(rows).toMatchObject([{ status: "delivered" }, { status: "delivered" }]));
    const told = resumed.map(({ group, approvals }) => [group, approvals.map(({ approvalId }) => approvalId)]);
    expect(told).toEqual([
      ["turn-1", [first.id, second.id]],
      ["turn-1", [stranger.approval.id]],
    ]);
  });

  test("counts a member that was withdrawn as ended, with its outcome", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const withdrawn = await outbox.request(all());
    await ended(outbox, all());
    await cancelApproval(outbox.node.ctx, host, withdrawn.id);
    await outbox.deliveries();
    expect(resumed[0]?.approvals.map(({ outcome }) => outcome.status)).toEqual(["cancelled", "approved"]);
  });

  test("refuses another size, and more members than it has", async () => {
    await using outbox = await startTestOutbox(kind);
    await outbox.request(all(2));
    await expect(outbox.request(all(3))).rejects.toMatchObject({ code: "invalid_request", message: /group.size/ });
    await outbox.request(all(2));
    await expect(outbox.request(all())).rejects.toMatchObject({ code: "invalid_request", message: /group.size/ });
  });

  test("refuses members without end while the first of them is awaited", async () => {
    await using outbox = await startTestOutbox(kind);
    const first = await outbox.request(all());
    const which = groupOf(first);
    if (!which) throw new Error("not in a group");
    const others = Array.from({ length: maxGroupSize - 2 }, (_, i) => ({ ...which, approval_id: `apr_${i}` }));
    const elsewhere = [{ tenant_id: "other" }, { engine: "other" }, { key: "turn-2" }].map((other, i) => ({
      ...which,
      ...other,
      approval_id: `apr_elsewhere_${i}`,
    }));
    const members = [...others, ...elsewhere];
    await outbox.node.ctx.store.write((tx) => tx.db.insertInto("approval_group_members").values(members).execute());
    await outbox.request(all());
    await expect(outbox.request(all())).rejects.toMatchObject({ code: "invalid_request", message: /1000 members/ });
  });
});

describe.each(sharedTestDatabases)("a group on $name", (kind) => {
  test("is delivered once when its last members end at the same time", async () => {
    const { resumer, resumed } = recordingResumer();
    await using outbox = await startTestOutbox(kind, { resumers: [resumer] });
    const group = { key: "turn-1", mode: "all" as const };
    const members = await Promise.all(Array.from({ length: 20 }, () => outbox.request({ source, group })));
    await Promise.all(members.map((member) => outbox.approve(member)));
    await outbox.deliveries();
    expect(resumed.map(({ approvals }) => approvals.length)).toEqual([20]);
  });
});
