import type { Approval } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

const input = { customerId: "cus_1041", amount: 120, reason: "The export was broken for a week." };

/** Starts a run as Sam and gives it with the approval that sales are asked for. */
async function startRun(): Promise<{ runId: string; approval: Approval }> {
  const { id } = await acme.runs("sam").start({ workflow: "escalation", input });
  return { runId: id, approval: await acme.pending("mia") };
}

/** Lets four hours pass and gives the approval as Leo of legal finds it. */
async function escalated(): Promise<Approval> {
  acme.advance("4h");
  return acme.pending("leo");
}

const result = async (runId: string) => (await acme.ended("sam", runId)).output;
const sentMail = () => acme.office.archive.sentFrom("acme.example");

test("A8: approved by those asked first, it isn't escalated", async () => {
  const { runId, approval } = await startRun();
  expect(approval.requestedBy).toEqual({ id: "sam", name: "Sam Okafor", kind: "user" });
  const early = acme.approvals("leo").respond(approval.id, { approved: true });
  await expect(early).rejects.toMatchObject({ code: expect.stringMatching(/not_a_reviewer|not_found/) });
  await acme.approvals("mia").respond(approval.id, { approved: true });
  expect(await result(runId)).toEqual({ status: "approved", action: "refunded", escalated: false });
  expect(await sentMail()).toMatchObject([{ to: ["office@nordwind.example"], subject: "Your refund of €120.00" }]);
});

test("A8: unanswered, another reviewer is asked, and the result carries escalated: true", async () => {
  const { runId, approval } = await startRun();
  expect((await escalated()).id).toBe(approval.id);
  await acme.approvals("leo").respond(approval.id, { approved: true });
  expect(await result(runId)).toEqual({ status: "approved", action: "refunded", escalated: true });
});

test("A8: those asked first may still decide after the escalation", async () => {
  const { runId, approval } = await startRun();
  await escalated();
  await acme.approvals("mia").respond(approval.id, { approved: true });
  expect(await result(runId)).toMatchObject({ status: "approved", escalated: true });
});

test("A8: rejected by the second reviewer, nothing is refunded", async () => {
  const { runId } = await startRun();
  const approval = await escalated();
  await acme.approvals("leo").respond(approval.id, { approved: false, reason: "Not our fault" });
  expect(await result(runId)).toEqual({
    status: "rejected",
    action: "not_refunded",
    reason: "Not our fault",
    escalated: true,
  });
  expect(await sentMail()).toEqual([]);
});

test("A8: the second wait is the second reviewer's own, and then it times out", async () => {
  const { runId, approval } = await startRun();
  await escalated();
  acme.advance("23h");
  await vi.waitFor(async () => expect((await acme.approvals("leo").get(approval.id)).status).toBe("pending"));
  acme.advance("1h");
  expect(await result(runId)).toEqual({ status: "timed_out", action: "not_refunded", escalated: true });
});

test("a customer that isn't there is asked of nobody", async () => {
  const { id } = await acme.runs("sam").start({ workflow: "escalation", input: { ...input, customerId: "cus_2001" } });
  expect(await acme.ended("sam", id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("There is no customer cus_2001.") },
  });
  expect((await acme.approvals("kim").list()).items).toEqual([]);
});
