import { expect, test } from "vitest";
import { applyDue, nextDueAt } from "../time/ladder.ts";
import { eventsBetween } from "./approval-events.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { createApproval } from "./create-approval.ts";
import { applyHeartbeat } from "./lease.ts";
import { applyCancel } from "./lifecycle.ts";

const at = (seconds: number) => new Date(Date.parse("2026-11-20T12:00:00.000Z") + seconds * 1_000).toISOString();
const pending = (request: Partial<ApprovalRequest> = { lease: "30s" }) =>
  createApproval({ title: "T", ...request }, { id: "apr_1", tenantId: "acme", now: at(0) });

test("a lease that ends withdraws the approval and says why", () => {
  const approval = pending();
  expect(nextDueAt(approval)).toBe(at(30));
  expect(applyDue(approval, at(29.999))).toEqual([]);
  const [withdrawn, ...others] = applyDue(approval, at(30));
  expect(others).toEqual([]);
  expect(withdrawn).toMatchObject({
    status: "cancelled",
    outcome: { decidedBy: [], reason: `The requester went away; its lease ended at ${at(30)}.` },
  });
  expect(() => withdrawn && applyHeartbeat(withdrawn, at(31))).toThrow(
    `This was cancelled at ${at(30)}. The requester went away; its lease ended at ${at(30)}.`,
  );
});

test("a heartbeat starts the lease anew, and is neither an update nor an event", () => {
  const approval = pending();
  const kept = applyHeartbeat(approval, at(20));
  expect(kept).toEqual({ ...approval, leaseUntil: at(50), version: 2 });
  expect(eventsBetween(approval, kept)).toEqual([]);
  expect(applyDue(kept, at(49.999))).toEqual([]);
  expect(applyDue(kept, at(50))).toMatchObject([{ status: "cancelled" }]);
});

test("a heartbeat wants a lease, and an approval that is pending", () => {
  expect(() => applyHeartbeat(pending({}), at(1))).toThrow(expect.objectContaining({ code: "invalid_request" }));
  const ended = applyCancel(pending(), { now: at(1) });
  expect(() => applyHeartbeat(ended, at(2))).toThrow(expect.objectContaining({ code: "already_resolved" }));
});

test("a lease ends only after heartbeats could arrive for the whole of it", () => {
  const approval = pending();
  const [spared] = applyDue(approval, at(600), { upSince: at(590) });
  expect(spared).toEqual({ ...approval, leaseUntil: at(620), version: 2 });
  expect(applyDue(spared ?? approval, at(620), { upSince: at(590) })).toMatchObject([{ status: "cancelled" }]);
});

test.each([
  ["the timeout, when that came first", { timeout: "20s" }, ["timed_out"]],
  ["nothing else, when it came first", { timeout: "40s" }, ["cancelled"]],
  ["no reminder", { ladder: [{ after: "10s", remind: true }] }, ["cancelled"]],
  [
    "escalations before it, but no reminder",
    {
      ladder: [
        { after: "10s", remind: true },
        { after: "20s", escalate: { users: ["bo"] } },
      ],
    },
    ["pending", "cancelled"],
  ],
] as const)("of what was missed together with the end of a lease there comes %s", (_, request, statuses) => {
  const missed = applyDue(pending({ lease: "30s", ...(request as Partial<ApprovalRequest>) }), at(600));
  expect(missed.map(({ status }) => status)).toEqual(statuses);
});
