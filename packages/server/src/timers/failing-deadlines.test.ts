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

test("approvals that can't be looked after don't keep others from their timeouts", { timeout: 120_000 }, async () => {
  const clock = createManualClock();
  await using server = await startTestHoldpoint({
    clock,
    logger: pino({ level: "silent" }),
    groupMembers: () => Promise.reject(new Error("The directory is down")),
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
