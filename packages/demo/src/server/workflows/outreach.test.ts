import type { Approval } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

const input = { name: "Ana Ruiz", email: "ana@casaolmo.example", company: "Casa Olmo", note: "The terrace is back." };

/** Starts a run as Mia and gives it with the approval that it waits for. */
async function startRun(): Promise<{ runId: string; approval: Approval }> {
  const { id } = await acme.runs("mia").start({ workflow: "outreach", input });
  return { runId: id, approval: await acme.pending("mia") };
}

const sentMail = () => acme.office.archive.sentFrom("acme.example");

test("D3: shows the reviewer the draft and what is known of the prospect", async () => {
  const { approval } = await startRun();
  expect(approval).toMatchObject({
    title: "Send email to Ana Ruiz, Casa Olmo",
    allow: ["approve", "edit", "reject"],
    labels: { approve: "Send email" },
    action: { args: { from: "Mia Stone <mia@acme.example>", to: "Ana Ruiz <ana@casaolmo.example>" } },
  });
  expect(JSON.stringify(approval.action?.args)).toContain("The terrace is back.");
  expect(approval.content).toMatchObject([
    {
      rows: [
        ["Website", "casaolmo.example"],
        ["Customer", "Casa Olmo, cus_1042"],
        ["Last mail", "never"],
      ],
    },
  ]);
});

test("D5: approved, sends the draft, also when the person who started it decides", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("mia").respond(approval.id, { type: "approve", digest: approval.digest });
  const run = await acme.ended("mia", runId);
  expect(run.output).toEqual({
    status: "sent",
    to: "Ana Ruiz <ana@casaolmo.example>",
    subject: "An idea for Casa Olmo",
  });
  expect(await sentMail()).toMatchObject([{ subject: "An idea for Casa Olmo", from: "Mia Stone <mia@acme.example>" }]);
});

test("D5: edited, sends what the reviewer wrote", async () => {
  const { runId, approval } = await startRun();
  const args = { ...(approval.action?.args as object), subject: "Friday evenings", body: "Hi Ana,\n\nedited." };
  await acme.approvals("leo").respond(approval.id, { type: "edit", digest: approval.digest, args });
  expect((await acme.ended("mia", runId)).output).toMatchObject({ status: "sent", subject: "Friday evenings" });
  expect(await sentMail()).toMatchObject([{ subject: "Friday evenings", text: "Hi Ana,\n\nedited." }]);
});

test("an edit can't change who the mail comes from, nor smuggle in headers", async () => {
  const { approval } = await startRun();
  const { digest, action } = approval;
  const edit = (change: object) =>
    acme.approvals("leo").respond(approval.id, {
      type: "edit",
      digest,
      args: { ...(action?.args as object), ...change },
    });
  await expect(edit({ from: "ceo@acme.example" })).rejects.toMatchObject({ code: "invalid_args" });
  await expect(edit({ subject: "Hi\r\nBcc: eve@evil.example" })).rejects.toMatchObject({ code: "invalid_args" });
  await expect(edit({ to: "nobody" })).rejects.toMatchObject({ code: "invalid_args" });
  await expect(edit({ bcc: "eve@evil.example" })).rejects.toMatchObject({ code: "invalid_args" });
});

test("D5: rejected, sends nothing and closes the run with who decided and why", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("leo").respond(approval.id, { type: "reject", digest: approval.digest, comment: "Too pushy." });
  expect(await acme.ended("mia", runId)).toMatchObject({
    status: "rejected",
    outcome: { reason: "Too pushy.", decidedBy: [{ id: "leo", name: "Leo Tran" }] },
  });
  expect(await sentMail()).toEqual([]);
});

test("D5: timed out after a day, sends nothing", async () => {
  const { runId } = await startRun();
  acme.advance("24h");
  expect(await acme.ended("mia", runId)).toMatchObject({ status: "timed_out", outcome: { status: "timed_out" } });
  expect(await sentMail()).toEqual([]);
});

test("a second mail to the same person shows the reviewer the first", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("mia").respond(approval.id, { type: "approve", digest: approval.digest });
  await acme.ended("mia", runId);
  const second = await startRun();
  expect(JSON.stringify(second.approval.content)).toContain("An idea for Casa Olmo");
});

test("a wrong input is refused field by field before anything is stored", async () => {
  const start = acme.runs("mia").start({ workflow: "outreach", input: { ...input, email: "ana", company: "" } });
  await expect(start).rejects.toMatchObject({
    code: "invalid_request",
    details: [
      { pointer: "/input/email", message: "This is not a mail address." },
      { pointer: "/input/company", message: "Say which company they work for." },
    ],
  });
  expect((await acme.runs("mia").list()).items).toEqual([]);
});
