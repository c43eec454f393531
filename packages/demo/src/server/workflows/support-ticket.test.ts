import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

async function startRun(ticketId: string): Promise<string> {
  return (await acme.runs("sam").start({ workflow: "support-ticket", input: { ticketId } })).id;
}

const answer = { answer: "The export is fixed since ten o'clock.", cause: "bug" };

test("C4: answered, the technical agent passes the developer's answer on and resolves the ticket", async () => {
  const runId = await startRun("T-1001");
  const question = await acme.pending("bo");
  expect(question).toMatchObject({ kind: "question", stages: [{ groups: ["engineering"] }] });
  await acme.approvals("bo").respond(question.id, { type: "answer", digest: question.digest, answer });
  expect((await acme.ended("sam", runId)).output).toEqual({
    status: "resolved",
    ticketId: "T-1001",
    agent: "technical",
    reply: answer.answer,
    developerResponse: answer,
    responseTime: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(acme.office.tickets.find("acme", "T-1001")).toMatchObject({ status: "resolved", reply: answer.answer });
  expect(await acme.office.archive.sentFrom("acme.example")).toMatchObject([
    { to: ["office@nordwind.example"], subject: "Re: Export fails with error 500", text: answer.answer },
  ]);
});

test("C3: two tickets asked about at once get their own answers", async () => {
  const first = await startRun("T-1001");
  await acme.pending("bo");
  const second = await startRun("T-1003");
  const questions = await acme.pendingOf("bo", 2);
  for (const question of questions) {
    const own = { answer: `About: ${question.title}`, cause: "configuration" };
    await acme.approvals("bo").respond(question.id, { type: "answer", digest: question.digest, answer: own });
  }
  expect(JSON.stringify((await acme.ended("sam", first)).output)).toContain("Export fails");
  expect(JSON.stringify((await acme.ended("sam", second)).output)).toContain("Webhook deliveries");
});

test("C3: two runs that ask about one ticket at once get their own answers", async () => {
  const runs = [await startRun("T-1001")];
  await acme.pending("bo");
  runs.push(await startRun("T-1001"));
  const questions = await acme.pendingOf("bo", 2);
  for (const { id, digest, source } of questions) {
    const own = { answer: `For ${source?.runId}`, cause: "bug" };
    await acme.approvals("bo").respond(id, { type: "answer", digest, answer: own });
  }
  for (const runId of runs) {
    expect((await acme.ended("sam", runId)).output).toMatchObject({ developerResponse: { answer: `For ${runId}` } });
  }
});

test("only engineers may answer", async () => {
  await startRun("T-1001");
  const question = await acme.pending("bo");
  const byMia = acme.approvals("mia").respond(question.id, { type: "answer", digest: question.digest, answer });
  await expect(byMia).rejects.toMatchObject({ code: expect.stringMatching(/not_a_reviewer|not_found/) });
});

test("an answer that isn't of the form is refused", async () => {
  await startRun("T-1001");
  const question = await acme.pending("bo");
  const wrong = { answer: "Fixed.", cause: "magic" };
  const response = acme
    .approvals("bo")
    .respond(question.id, { type: "answer", digest: question.digest, answer: wrong });
  await expect(response).rejects.toMatchObject({ code: "invalid_args" });
});

test("C2: unanswered for four hours, the ticket stays open and nothing is sent", async () => {
  const runId = await startRun("T-1001");
  await acme.pending("bo");
  acme.advance("4h");
  expect((await acme.ended("sam", runId)).output).toEqual({
    status: "open",
    ticketId: "T-1001",
    agent: "technical",
    error: "No developer response provided",
  });
  expect(acme.office.tickets.find("acme", "T-1001")?.status).toBe("open");
  expect(await acme.office.archive.sentFrom("acme.example")).toEqual([]);
});

test("C4: a question of the handbook is answered by the support agent alone", async () => {
  const runId = await startRun("T-1002");
  const { output } = await acme.ended("sam", runId);
  expect(output).toMatchObject({
    status: "resolved",
    agent: "support",
    reply: expect.stringContaining("Settings, Billing"),
  });
  expect((await acme.approvals("kim").list()).items).toEqual([]);
});

test("C4: an unknown ticket fails the run without another try", async () => {
  const run = await acme.ended("sam", await startRun("T-9999"));
  expect(run.status).toBe("failed");
  expect(run.steps).toMatchObject([
    {
      name: "load ticket",
      status: "failed",
      attempts: 1,
      error: { name: "NonRetriableError", message: "There is no ticket T-9999." },
    },
  ]);
});
