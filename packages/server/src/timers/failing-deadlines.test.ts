import { type ApprovalRequest, durationMs } from "@holdpoint/core";
import pino from "pino";
import { expect, test } from "vitest";
import { createManualClock, startTestHoldpoint } from "../testing.ts";

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
  await expect.poll(statusOf, { timeout: 60_000 }).toBe("timed_out");
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
  await expect.poll(ending, { timeout: 20_000 }).toEqual(["timed_out", "api", "timeout"]);
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
  await expect.poll(story, { timeout: 20_000 }).toEqual(["approval.escalated"]);
  expect(asked).toBe(3);
});
