import type { Approval } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

const input = { name: "Ana Ruiz", company: "Casa Olmo", email: "ana@casaolmo.example", topic: "The terrace is back." };

/** Starts a run as Sam and gives it with the approval that it waits for. */
async function startRun(): Promise<{ runId: string; approval: Approval }> {
  const { id } = await acme.runs("sam").start({ workflow: "email-approval", input });
  return { runId: id, approval: await acme.pending("mia") };
}

const result = async (runId: string) => (await acme.ended("sam", runId)).output;
const sentMail = () => acme.office.archive.sentFrom("acme.example");

test("A2: the reviewer sees the very mail that is sent, made in a step before the ask", async () => {
  const { runId, approval } = await startRun();
  const [proposal] = (await acme.runs("sam").get(runId)).steps ?? [];
  expect(proposal).toMatchObject({ name: "propose", status: "completed", attempts: 1 });
  expect(approval.action?.args).toEqual(proposal?.output);
  await acme.approvals("mia").respond(approval.id, { type: "approve", digest: approval.digest });
  await acme.ended("sam", runId);
  const [mail] = await sentMail();
  expect(approval.action?.args).toEqual({
    from: mail?.from,
    to: mail?.to[0],
    subject: mail?.subject,
    body: mail?.text,
  });
});

test("the draft is about the company of whom it is for, and asked for by who started the run", async () => {
  const { approval } = await startRun();
  expect(approval).toMatchObject({
    requestedBy: { id: "sam", name: "Sam Okafor", kind: "user" },
    action: { args: { subject: "An idea for Casa Olmo", body: expect.stringContaining("following Casa Olmo") } },
  });
});

test("A5: approved, the email is sent", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("mia").respond(approval.id, { approved: true });
  expect(await result(runId)).toEqual({ status: "approved", action: "email_sent" });
  expect(await sentMail()).toHaveLength(1);
});

test("A5: rejected, it is not sent and the reason is kept", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("mia").respond(approval.id, { approved: false, reason: "Too pushy" });
  expect(await result(runId)).toEqual({ status: "rejected", reason: "Too pushy", action: "email_not_sent" });
  expect(await sentMail()).toEqual([]);
});

test("A5: rejected without a reason, the reason is “No reason provided”", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("mia").respond(approval.id, { approved: false });
  expect(await result(runId)).toEqual({ status: "rejected", reason: "No reason provided", action: "email_not_sent" });
});

test("A5: timed out, it is not sent", async () => {
  const { runId } = await startRun();
  acme.advance("24h");
  expect(await result(runId)).toEqual({ status: "timed_out", action: "email_not_sent" });
  expect(await sentMail()).toEqual([]);
});

test("A6: what the reviewer answers changes the action that is performed", async () => {
  const { runId, approval } = await startRun();
  const args = { ...(approval.action?.args as object), to: "Bo Lind <bo@casaolmo.example>", subject: "For Bo" };
  await acme.approvals("mia").respond(approval.id, { type: "edit", digest: approval.digest, args });
  expect(await result(runId)).toEqual({ status: "approved", action: "email_sent" });
  expect(await sentMail()).toMatchObject([{ to: ["Bo Lind <bo@casaolmo.example>"], subject: "For Bo" }]);
});

test("A4: fifty pending approvals each resolve their own run", async () => {
  const start = (n: number) =>
    acme.runs("sam").start({ workflow: "email-approval", input: { ...input, topic: `Topic ${n}` }, key: `run-${n}` });
  const runs = await Promise.all(Array.from({ length: 50 }, (_, n) => start(n)));
  const pending = await acme.pendingOf("mia", 50);
  const answers = pending.map(({ id, source }, n) => {
    const response = n % 2 === 0 ? { approved: true } : { approved: false, reason: `No to ${source?.runId}` };
    return acme.approvals("mia").respond(id, response);
  });
  const decided = await Promise.all(answers);
  expect(new Set(decided.map(({ source }) => source?.runId))).toEqual(new Set(runs.map(({ id }) => id)));
  for (const { source, outcome } of decided) {
    const expected = outcome?.approved
      ? { status: "approved", action: "email_sent" }
      : { status: "rejected", reason: `No to ${source?.runId}`, action: "email_not_sent" };
    expect(await result(source?.runId ?? "")).toEqual(expected);
  }
});

test("A7: who responded is recorded", async () => {
  const { approval } = await startRun();
  const decided = await acme.approvals("mia").respond(approval.id, { approved: true, reason: "Fine." });
  expect(decided.decisions).toMatchObject([{ by: { id: "mia", name: "Mia Stone" }, comment: "Fine." }]);
});

test("a withdrawn approval is neither a rejection nor a timeout", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("kim").cancel(approval.id, { reason: "Wrong customer." });
  expect(await result(runId)).toEqual({ status: "cancelled", reason: "Wrong customer.", action: "email_not_sent" });
});

test("a topic that is too long for the title is cut between its characters", async () => {
  const topic = "😀".repeat(200);
  await acme.runs("sam").start({ workflow: "email-approval", input: { ...input, topic } });
  const { title } = await acme.pending("mia");
  expect([title.isWellFormed(), title.at(-1)]).toEqual([true, "…"]);
});
