import { expect, test } from "vitest";
import { createApproval } from "../approval/create-approval.ts";
import type { Json } from "../json/json.ts";
import { jsonSchemaErrors } from "../json/json-schema-errors.ts";
import type { SequenceConditions } from "./sequence.ts";
import { afterReview, reviewRequest } from "./sequence-review.ts";

const facts = { id: "apr_01KDVDNA00DPHPFPH40SWYVXVG", tenantId: "acme", now: "2026-01-01T00:00:00.000Z" };

function made(type: string | undefined, output: Json, conditions: Partial<SequenceConditions> = {}) {
  const step = {
    name: "draft",
    type,
    run: () => output,
    next: { conditions: { approvalRequired: true, ...conditions } },
  };
  return { sequence: "outreach", step, input: { name: "Ana" }, outputs: {}, output };
}

const email = { from: "mia@acme.example", to: "ana@casaolmo.example", subject: "Terrace", body: "Hi Ana" };

test.each<[string, string | undefined, Json]>([
  ["an email", "email", email],
  ["an email to several", "email", { ...email, to: [email.to, "bo@casaolmo.example"], score: 7 }],
  ["an email type that gave no object", "email", "Hi"],
  ["an email without a text", "email", { ...email, body: "" }],
  ["an email with a field that is empty", "email", { ...email, cc: null }],
  ["an email to nobody yet", "email", { ...email, to: "" }],
  ["an email to people with their names", "email", { ...email, to: [{ name: "Ana", email: email.to }] }],
  ["text", "text", "Hi Ana"],
  ["a text that is empty", "text", ""],
  ["a text that is too long to edit", "text", "x".repeat(100_001)],
  ["a text type that gave no text", "text", { text: 1 }],
  ["scored results", undefined, [{ name: "Ana", score: 0.8 }]],
  ["nothing", undefined, null],
])("D3: all of a step's output is shown: %s", (_, type, output) => {
  const { reviewers, ...request } = reviewRequest(made(type, output));
  expect(createApproval({ ...request, reviewers, timeout: undefined }, facts)).toMatchObject({ status: "pending" });
  const shown = JSON.stringify([request.action?.args, request.content]);
  for (const value of leaves(output)) expect(shown).toContain(JSON.stringify(value).slice(1, -1));
});

function leaves(value: Json): Json[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

test("D1: the label and the approvers are those of the flag", () => {
  const flag = { approveLabel: "Send email", approvers: [{ userId: "mia" }, { userId: "leo" }] };
  expect(reviewRequest(made("email", email, flag))).toMatchObject({
    labels: { approve: "Send email" },
    reviewers: { users: ["mia", "leo"] },
  });
  const open = reviewRequest(made("email", email));
  expect([open.labels, open.reviewers, open.timeout]).toEqual([undefined, undefined, undefined]);
});

test("D3: an email can be edited, but not who it comes from, nor into one with more headers", () => {
  const { action, allow } = reviewRequest(made("email", email));
  const errors = (change: object) =>
    jsonSchemaErrors(action?.schema ?? {}, { ...email, ...change }).map((e) => e.pointer);
  expect(allow).toContain("edit");
  expect(errors({ subject: "Friday", body: "Hi", to: "Ana <ana@x.example>" })).toEqual([]);
  expect(action?.schema).toMatchObject({ properties: { from: { readOnly: true } } });
  expect(errors({ subject: "Hi\r\nBcc: eve@evil.example" })).toEqual(["/subject"]);
  expect(errors({ bcc: "eve@evil.example" })).toEqual(["/bcc"]);
});

test("D3: what isn't email or text can't be edited", () => {
  expect(reviewRequest(made(undefined, email))).toMatchObject({ content: [{ type: "json", value: email }] });
  expect(reviewRequest(made(undefined, email)).action).toBeUndefined();
});

test("D3: the edited version is what the next steps get; what wasn't editable stays", () => {
  const edited = { ...email, subject: "Friday" };
  expect(afterReview(made("email", { ...email, score: 7 }), edited)).toEqual({ ...edited, score: 7 });
  expect(afterReview(made("text", "Hi"), { text: "Hello" })).toBe("Hello");
  expect(afterReview(made(undefined, { score: 7 }), null)).toEqual({ score: 7 });
});

test("anything else of the approval is the author's to say", () => {
  const request = (output: unknown, input: unknown) => ({
    title: `${JSON.stringify([output, input])}`,
    timeout: "48h",
  });
  expect(reviewRequest(made("text", "Hi", { request }))).toMatchObject({
    title: '["Hi",{"name":"Ana"}]',
    timeout: "48h",
  });
});

test("a title is never longer than an approval's", () => {
  const to = Array.from({ length: 30 }, (_, n) => `person-${n}@casaolmo.example`);
  expect(reviewRequest(made("email", { ...email, to })).title).toHaveLength(200);
});

test.each<[string, string | undefined, Json]>([
  ["scored results", undefined, { score: 7, iban: "DE00 1234" }],
  ["a long text", undefined, "DE00 1234"],
  ["what an email has besides", "email", { ...email, bcc: "DE00 1234" }],
])("D3: content that the author adds comes after the output: %s", (_, type, output) => {
  const research = { type: "text" as const, text: "Found on their site" };
  const { content } = reviewRequest(made(type, output, { request: () => ({ content: [research] }) }));
  expect(content).toHaveLength(2);
  expect(JSON.stringify(content?.[0])).toContain("DE00 1234");
  expect(content?.[1]).toEqual(research);
});
