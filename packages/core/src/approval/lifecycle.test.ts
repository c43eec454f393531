import { describe, expect, test } from "vitest";
import type { Viewer } from "../viewer.ts";
import { applyDecision, toDecision } from "./apply-decision.ts";
import type { Approval } from "./approval.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { createApproval } from "./create-approval.ts";
import type { Escalation } from "./ladder-rung.ts";
import { applyCancel, applyEscalation, applyTimeout } from "./lifecycle.ts";
import type { GroupMembers } from "./quorum.ts";

const now = "2026-11-20T12:00:00.000Z";
const later = "2026-11-20T13:00:00.000Z";
const pending = (request: Partial<ApprovalRequest> = {}) =>
  createApproval({ title: "T", ...request }, { id: "apr_1", tenantId: "acme", now });
const viewer = (id: string, ...groups: string[]): Viewer => ({ id, tenantId: "acme", groups, role: "reviewer" });
const approve = (approval: Approval, by: Viewer, groupMembers?: GroupMembers) =>
  applyDecision(
    approval,
    toDecision({ approval, input: { approved: true }, viewer: by, id: "dec_1", now: later, via: "ui" }),
    by,
    { groupMembers },
  );

describe("a time-out", () => {
  test("strikes at the deadline, not before", () => {
    const approval = pending({ timeout: "1h" });
    expect(() => applyTimeout(approval, "2026-11-20T12:59:59.999Z")).toThrow("has time until 2026-11-20T13:00:00.000Z");
    expect(applyTimeout(approval, later).outcome).toStrictEqual({
      status: "timed_out",
      approved: false,
      decidedBy: [],
      escalated: false,
      at: later,
    });
  });

  test("never strikes what waits for ever", () => {
    expect(() => applyTimeout(pending(), "9999-01-01T00:00:00.000Z")).toThrow("waits for ever");
  });

  test.each([
    ["approve", true],
    ["reject", false],
  ] as const)("with onTimeout %s is still timed_out, decided by the system", (onTimeout, approved) => {
    const { status, outcome, decisions } = applyTimeout(pending({ timeout: "1h", onTimeout }), later);
    expect(status).toBe("timed_out");
    expect(outcome).toMatchObject({ status: "timed_out", approved, decidedBy: [{ id: "holdpoint" }] });
    expect(decisions).toMatchObject([{ id: "dec_1", type: onTimeout, via: "timeout", digest: null }]);
  });
});

test("a withdrawn approval says by whom and why", () => {
  const cancelled = applyCancel(pending(), { now: later, by: { id: "ana" }, reason: "Order withdrawn" });
  expect(cancelled).toMatchObject({
    status: "cancelled",
    version: 2,
    resolvedAt: later,
    outcome: { approved: false, reason: "Order withdrawn", decidedBy: [{ id: "ana" }] },
  });
});

test("nothing happens to an approval after its end", () => {
  const ended = approve(pending({ timeout: "1h" }), viewer("ana"));
  const already = expect.objectContaining({ code: "already_resolved", message: `ana approved this at ${later}.` });
  expect(() => applyTimeout(ended, later)).toThrow(already);
  expect(() => applyCancel(ended, { now: later })).toThrow(already);
  expect(() => applyEscalation(ended, { users: ["bo"] }, later)).toThrow(already);
  expect(() => approve(ended, viewer("ana"))).toThrow(already);
});

describe("an escalation", () => {
  const asked = pending({ reviewers: { users: ["ana"] } });

  test("adds reviewers and leaves those already asked their right to decide", () => {
    const escalated = applyEscalation(asked, { users: ["bo"], groups: ["ops"] }, later);
    expect(escalated.stages).toEqual([{ users: ["ana", "bo"], groups: ["ops"], quorum: 1 }]);
    for (const person of [viewer("ana"), viewer("bo"), viewer("cy", "ops")]) {
      expect(approve(escalated, person).outcome).toMatchObject({ status: "approved", escalated: true });
    }
  });

  test("that replaces takes the right from those asked before", () => {
    const escalated = applyEscalation(asked, { users: ["bo"], replace: true }, later);
    expect(() => approve(escalated, viewer("ana"))).toThrow(expect.objectContaining({ code: "not_a_reviewer" }));
    expect(approve(escalated, viewer("bo")).status).toBe("approved");
  });

  test("leaves open what every reviewer may decide, unless it replaces", () => {
    expect(applyEscalation(pending(), { users: ["bo"] }, later).stages).toEqual([]);
    expect(applyEscalation(pending(), { users: ["bo"], replace: true }, later).stages).toEqual([
      { users: ["bo"], groups: [], quorum: 1 },
    ]);
  });

  test("reaches the current stage only", () => {
    const staged = approve(pending({ stages: [{ users: ["ana"] }, { users: ["bo"] }] }), viewer("ana"));
    expect(applyEscalation(staged, { users: ["cy"] }, later).stages.map(({ users }) => users)).toEqual([
      ["ana"],
      ["bo", "cy"],
    ]);
  });

  test("that leaves only people who have approved completes the stage", () => {
    const both = approve(pending({ reviewers: { users: ["ana", "bo"], quorum: "all" } }), viewer("ana"));
    expect(applyEscalation(both, { users: ["ana"], replace: true }, later).status).toBe("approved");
  });

  test.each<[string, Escalation, GroupMembers?]>([
    ["people", { users: ["bot", "dee"] }],
    ["a group", { groups: ["ops"] }, { ops: ["dee"] }],
  ])("replaces nobody by %s who asked and may not decide", (_who, others, members) => {
    const asked = createApproval(
      { title: "T", requestedBy: { id: "bot", kind: "agent" }, reviewers: { users: ["ana", "bo"], quorum: "all" } },
      { id: "apr_1", tenantId: "acme", now, ownerId: "dee" },
    );
    const escalated = applyEscalation(approve(asked, viewer("ana")), { ...others, replace: true }, later, members);
    expect(escalated.status).toBe("pending");
    expect(approve(escalated, viewer("bo"), members).status).toBe("approved");
  });
});
