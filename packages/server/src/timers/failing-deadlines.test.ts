import { type ApprovalRequest, durationMs } from "@holdpoint/core";
import pino from "pino";
import { expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { isoTime } from "../iso-time.ts";
import { bo, startTestNode } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { createTestClock } from "../test-clock.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { createApprovalDeadlines } from "./approval-deadlines.ts";
import { ask } from "./test-time.ts";

/** More than are looked at together. */
const many = 205;

/** What the host has to say who is in the group for. */
const stuck: ApprovalRequest = {
  title: "Publish",
  reviewers: { users: ["ana", "bo"], quorum: "all" },
  ladder: [{ after: "1h", escalate: { groups: ["legal"], replace: true } }],
};

const failing = () => Promise.reject<never>(new Error("The directory is down"));

test("approvals that can't be looked after don't keep others from their timeouts", { timeout: 120_000 }, async () => {
  const clock = createManualClock();
  await using server = await startTestHoldpoint({
    clock,
    logger: pino({ level: "silent" }),
    groupMembers: failing,
  });
  const { approvals } = server.holdpoint;
  const ana = approvals.as({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
  await Promise.all(
    Array.from({ length: many }, async () => {
      const { id, digest } = await approvals.request(stuck);
      await ana.respond(id, { type: "approve", digest });
    }),
  );
  const { id } = await approvals.request({ title: "Refund order 7", timeout: "2h" });
  clock.advance(durationMs("2h"));
  const statusOf = async () => {
    clock.advance(1_000);
    return (await approvals.get(id)).status;
  };
  await expect.poll(statusOf).toBe("timed_out");
});

test.each([
  ["fails", failing],
  ["doesn't answer", () => new Promise<never>(() => undefined)],
])("an approval times out though the host that should say who is in a group %s", async (_, groupMembers) => {
  const clock = createManualClock();
  await using server = await startTestHoldpoint({ clock, logger: pino({ level: "silent" }), groupMembers });
  const { approvals } = server.holdpoint;
  const ana = approvals.as({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
  const { id, digest } = await approvals.request({ ...stuck, timeout: "2h", onTimeout: "reject" });
  await ana.respond(id, { type: "approve", digest });
  clock.advance(durationMs("2h"));
  const ending = async () => {
    clock.advance(1_000);
    const { status, decisions } = await approvals.get(id);
    return [status, ...decisions.map(({ via }) => via)];
  };
  await expect.poll(ending).toEqual(["timed_out", "api", "timeout"]);
});

test("what waits for the members of a group is done once they are known", async () => {
  const clock = createManualClock();
  let asked = 0;
  const groupMembers = async () => (++asked < 3 ? failing() : { legal: ["eve"] });
  await using server = await startTestHoldpoint({ clock, logger: pino({ level: "silent" }), groupMembers });
  const { approvals } = server.holdpoint;
  const ana = approvals.as({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
  const approval = await approvals.request({ ...stuck, timeout: "9h" });
  await ana.respond(approval.id, { type: "approve", digest: approval.digest });
  clock.advance(durationMs("1h"));
  const story = async () => {
    clock.advance(1_000);
    return (await server.eventTypes(approval)).slice(2);
  };
  await expect.poll(story).toEqual(["approval.escalated"]);
  expect(asked).toBe(3);
});

test("a host that goes on failing is asked ever more rarely, and timeouts come on time all the same", async () => {
  // The node's own deadlines stand still.
  await using node = await startTestNode({ workflows: [], clock: createTestClock() });
  const clock = createTestClock();
  const asked: number[] = [];
  const start = clock.now() + durationMs("1h");
  const groupMembers = () => {
    asked.push((clock.now() - start) / 1_000);
    return failing();
  };
  const ctx = { ...node.ctx, clock, groupMembers, logger: pino({ level: "silent" }) };
  const source = createApprovalDeadlines(ctx, () => 1);
  const ids = await Promise.all(
    [undefined, "62m", undefined].map(async (timeout) => {
      const { id } = await ask(node, { ...stuck, timeout });
      await respond(node.ctx, bo, id, { approved: true });
      return id;
    }),
  );
  const statuses = async () => {
    const all = await Promise.all(ids.map((id) => getApproval(node.store.reader, "default", id)));
    return all.map((approval) => approval?.status);
  };
  const passes = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      clock.advance(1_000);
      await source.strike(isoTime(clock.now())).catch(() => undefined);
      expect(await source.next()).toBe(isoTime(clock.now() + 1_000));
    }
  };
  clock.advance(durationMs("1h") - 1_000);
  await passes(120);
  expect(await statuses()).toEqual(["pending", "pending", "pending"]);
  await passes(1);
  expect(await statuses()).toEqual(["pending", "timed_out", "pending"]);
  await passes(120);
  expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
});
