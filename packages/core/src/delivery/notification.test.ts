import { describe, expect, test } from "vitest";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { createApproval } from "../approval/create-approval.ts";
import { applyCancel, applyEscalation } from "../approval/lifecycle.ts";
import { parse } from "../json/parse.ts";
import { type Destination, destinationSchema } from "./destination.ts";
import { approvalNotification, notificationCausesBetween } from "./notification.ts";

const at = "2026-01-01T00:00:00.000Z";

function approval(request: Partial<ApprovalRequest> = {}) {
  return createApproval({ title: "Send email", ...request }, { id: "apr_1", tenantId: "acme", now: at });
}

function told(request: Partial<ApprovalRequest> = {}) {
  return approvalNotification(approval(request), { id: "dlv_1", cause: "requested", at, refs: [] });
}

test("A3: a notification has two buttons, approve and reject, each with the approval's id", () => {
  expect(told({ labels: { approve: "Send it" } }).buttons).toEqual([
    { type: "approve", label: "Send it", style: "primary", approvalId: "apr_1" },
    { type: "reject", label: "Reject", style: "danger", approvalId: "apr_1" },
  ]);
});

test("a notification has no button for what isn't possible", () => {
  expect(told({ allow: ["approve"] }).buttons.map(({ type }) => type)).toEqual(["approve"]);
  expect(told({ kind: "question" }).buttons).toEqual([]);
  const ended = applyCancel(approval(), { now: at });
  expect(approvalNotification(ended, { id: "dlv_1", cause: "resolved", at, refs: [] }).buttons).toEqual([]);
});

test("what a requester left to be resumed by is nobody's to read", () => {
  const source = { engine: "durable", workflow: "refunds", ref: { token: "wakes the run" } };
  expect(told({ source }).approval?.source).toEqual({ engine: "durable", workflow: "refunds" });
});

test("A3: a mail is summed up as To, Subject and Body", () => {
  const content = [{ type: "email" as const, to: ["ana@x.example", "bo@x.example"], subject: "Menu", body: "Hello" }];
  expect(told({ content }).summary).toEqual([
    { label: "To", text: "ana@x.example, bo@x.example" },
    { label: "Subject", text: "Menu" },
    { label: "Body", text: "Hello" },
  ]);
});

test("without content, the arguments are the summary", () => {
  const action = { name: "refund", args: { order: "7", lines: [1, 2] } };
  expect(told({ action }).summary).toEqual([
    { label: "order", text: "7" },
    { label: "lines", text: "[\n  1,\n  2\n]" },
  ]);
});

test("a summary is bounded, and never ends in half a character", () => {
  const long = told({ content: [{ type: "text", text: "🙂".repeat(4_000) }] }).summary[0]?.text ?? "";
  expect([...long].length).toBe(2_901);
  expect(long.endsWith("🙂…")).toBe(true);
  const many = told({ content: Array.from({ length: 40 }, () => ({ type: "text" as const, text: "a" })) });
  expect([many.summary.length, many.summary.at(-1)]).toEqual([25, { text: "…" }]);
});

describe("people are told", () => {
  const before = approval({ reviewers: { users: ["ana"] } });

  test("that an approval was escalated", () => {
    expect(notificationCausesBetween(before, applyEscalation(before, { users: ["bo"] }, at))).toEqual(["escalated"]);
  });

  test("that it has ended, once and nothing besides", () => {
    const after = applyCancel(applyEscalation(before, { users: ["bo"] }, at), { now: at });
    expect(notificationCausesBetween(before, after)).toEqual(["resolved"]);
    expect(notificationCausesBetween(after, after)).toEqual([]);
  });

  test("nothing of what doesn't concern them", () => {
    expect(notificationCausesBetween(before, before)).toEqual([]);
  });
});

test.each<Destination>([
  { type: "email", email: "ana@acme.example" },
  { type: "slack", email: "ana@acme.example" },
  { type: "slack", userId: "U1" },
  { type: "slack", channelId: "C1", threadId: "17.2" },
])("a destination is one of the named forms: %j", (destination) => {
  expect(parse(destinationSchema, destination)).toEqual(destination);
});

test.each([
  { type: "email", email: "nobody" },
  { type: "slack" },
  { type: "slack", userId: "U1", channelId: "C1" },
  { type: "pager", email: "ana@acme.example" },
])("a destination of no such form is refused: %j", (destination) => {
  expect(() => parse(destinationSchema, destination)).toThrow(/request|type|email|userId|channelId|known/);
});
