import { expect, test } from "vitest";
import { logEventHash, zeroHash } from "../log/log-hash.ts";
import type { Viewer } from "../viewer.ts";
import { applyDecision, toDecision } from "./apply-decision.ts";
import type { Approval } from "./approval.ts";
import { eventsBetween } from "./approval-events.ts";
import { createApproval } from "./create-approval.ts";
import type { RespondInput } from "./decision.ts";
import { applyCancel, applyEscalation, applyTimeout } from "./lifecycle.ts";

const now = "2026-11-20T12:00:00.000Z";
const viewer = (id: string): Viewer => ({ id, tenantId: "acme", groups: [], role: "reviewer" });
const respond = (approval: Approval, by: string, input: RespondInput) =>
  applyDecision(
    approval,
    toDecision({ approval, input, viewer: viewer(by), id: `dec_${by}`, now, via: "ui" }),
    viewer(by),
  );

const staged = createApproval(
  {
    title: "Send",
    action: { name: "send", args: { subject: "Hello" } },
    allow: ["approve", "edit", "reject"],
    stages: [
      { name: "Sales", users: ["ana"] },
      { name: "Legal", users: ["bo"] },
    ],
    source: { engine: "holdpoint", runId: "run_1" },
    timeout: "1h",
    onTimeout: "reject",
  },
  { id: "apr_1", tenantId: "acme", now, requestedBy: { id: "bot", name: "Bot", kind: "agent" } },
);

test("a new approval was requested", () => {
  expect(eventsBetween(undefined, staged)).toEqual([
    {
      type: "approval.requested",
      approvalId: "apr_1",
      runId: "run_1",
      actor: { id: "bot", name: "Bot" },
      at: now,
      data: { title: "Send", kind: "approval", risk: "medium", digest: staged.digest, action: "send" },
    },
  ]);
});

test("an approval that opens the next stage is a decision and an opened stage", () => {
  const opened = respond(staged, "ana", { approved: true });
  const events = eventsBetween(staged, opened);
  expect(events.map(({ type, actor }) => [type, actor?.id])).toEqual([
    ["decision.recorded", "ana"],
    ["approval.stage_opened", undefined],
  ]);
  expect(events[1]?.data).toEqual({ stage: 1, name: "Legal" });
});

test("an edit keeps what it changed", () => {
  const opened = respond(staged, "ana", { approved: true });
  const revised = respond(opened, "bo", { type: "edit", digest: opened.digest, args: { subject: "Hi" } });
  const events = eventsBetween(opened, revised);
  expect(events.map(({ type }) => type)).toEqual(["decision.recorded", "approval.revised", "approval.stage_opened"]);
  expect(events[0]?.data).toMatchObject({
    decision: { type: "edit", by: { id: "bo" }, args: { subject: "Hi" } },
    previousArgs: { subject: "Hello" },
  });
  expect(events[1]?.data).toMatchObject({ revision: 2, digest: revised.digest, previousDigest: staged.digest });
});

test("a rejection is a decision and an end", () => {
  const events = eventsBetween(staged, respond(staged, "ana", { approved: false, reason: "No" }));
  expect(events.map(({ type, actor }) => [type, actor?.id])).toEqual([
    ["decision.recorded", "ana"],
    ["approval.resolved", "ana"],
  ]);
  expect(events[1]?.data).toEqual({
    outcome: { status: "rejected", approved: false, reason: "No", decidedBy: [{ id: "ana" }], escalated: false },
  });
});

test("a time-out has no person behind it", () => {
  const events = eventsBetween(staged, applyTimeout(staged, "2026-11-20T13:00:00.000Z"));
  expect(events.map(({ type, actor }) => [type, actor])).toEqual([
    ["decision.recorded", undefined],
    ["approval.resolved", undefined],
  ]);
});

test("a withdrawal is an end by whom it was withdrawn", () => {
  const [event, ...others] = eventsBetween(staged, applyCancel(staged, { now, by: { id: "bot" } }));
  expect(event).toMatchObject({ type: "approval.resolved", actor: { id: "bot" } });
  expect(others).toEqual([]);
});

test("an escalation says who was added and who was taken off", () => {
  const [event, ...others] = eventsBetween(staged, applyEscalation(staged, { users: ["cy"], replace: true }, now));
  expect(event).toMatchObject({
    type: "approval.escalated",
    data: { stage: 0, added: { users: ["cy"], groups: [] }, removed: { users: ["ana"], groups: [] } },
  });
  expect(others).toEqual([]);
});

test("where nothing changed nothing happened", () => {
  expect(eventsBetween(staged, staged)).toEqual([]);
});

test("the hash of an event covers every field, the hash before it included", () => {
  const [requested] = eventsBetween(undefined, staged);
  const event = { ...(requested as NonNullable<typeof requested>), tenantId: "acme", seq: 1, prevHash: zeroHash };
  const hashes = [
    event,
    { ...event, seq: 2 },
    { ...event, tenantId: "other" },
    { ...event, prevHash: "1".repeat(64) },
    { ...event, at: "2026-11-20T12:00:00.001Z" },
    { ...event, actor: { id: "bot" } },
    { ...event, runId: undefined },
    { ...event, data: { title: "Sent" } },
  ].map(logEventHash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(logEventHash({ ...event })).toBe(hashes[0]);
});
