import type { Approval } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

const input = { title: "Winter energy guide", text: "Turn it **down**." };

/** Starts a run as Sam and gives it with what editorial is asked. */
async function startRun(): Promise<{ runId: string; approval: Approval }> {
  const { id } = await acme.runs("sam").start({ workflow: "editorial-then-legal", input });
  return { runId: id, approval: await acme.pending("eli") };
}

const result = async (runId: string) => (await acme.ended("sam", runId)).output;

test("A10: approved by editorial and, days later, by legal, it is published", async () => {
  const { runId, approval } = await startRun();
  expect(approval).toMatchObject({ stages: [{ groups: ["editorial"] }], timeout: "48h" });
  expect(approval.requestedBy).toEqual({ id: "sam", name: "Sam Okafor", kind: "user" });
  acme.advance("47h");
  await acme.approvals("eli").respond(approval.id, { approved: true });
  const legal = await acme.pending("leo");
  expect(legal).toMatchObject({ stages: [{ groups: ["legal"] }], timeout: "72h" });
  acme.advance("71h");
  await acme.approvals("leo").respond(legal.id, { approved: true });
  expect(await result(runId)).toEqual({ status: "published", approvals: ["editorial", "legal"] });
});

test("A10: a rejection by editorial ends the run before legal is asked", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("eli").respond(approval.id, { approved: false });
  expect(await result(runId)).toEqual({ status: "rejected_by_editorial" });
  expect((await acme.approvals("kim").list()).items).toHaveLength(1);
});

test("A10: a rejection by legal ends the run unpublished", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("eli").respond(approval.id, { approved: true });
  const legal = await acme.pending("leo");
  await acme.approvals("leo").respond(legal.id, { approved: false });
  const run = await acme.ended("sam", runId);
  expect(run.output).toEqual({ status: "rejected_by_legal" });
  expect(run.steps?.map(({ name }) => name)).toEqual(["editorial", "legal"]);
});

test("A10: each desk has reviewers of its own", async () => {
  const { approval } = await startRun();
  const byLegal = acme.approvals("leo").respond(approval.id, { approved: true });
  await expect(byLegal).rejects.toMatchObject({ code: expect.stringMatching(/not_a_reviewer|not_found/) });
  await acme.approvals("eli").respond(approval.id, { approved: true });
  const legal = await acme.pending("leo");
  const byEditorial = acme.approvals("eli").respond(legal.id, { approved: true });
  await expect(byEditorial).rejects.toMatchObject({ code: expect.stringMatching(/not_a_reviewer|not_found/) });
});

test("A10: each desk has a timeout of its own", async () => {
  const first = await startRun();
  acme.advance("48h");
  expect(await result(first.runId)).toEqual({ status: "timed_out_at_editorial" });
  const second = await startRun();
  await acme.approvals("eli").respond(second.approval.id, { approved: true });
  await acme.pending("leo");
  acme.advance("72h");
  expect(await result(second.runId)).toEqual({ status: "timed_out_at_legal" });
});

test("a withdrawn request is no rejection: the run ends with it", async () => {
  const { runId, approval } = await startRun();
  await acme.approvals("kim").cancel(approval.id, { reason: "Wrong article." });
  const run = await acme.ended("sam", runId);
  expect(run).toMatchObject({ status: "cancelled", outcome: { status: "cancelled", reason: "Wrong article." } });
  expect(run.output).toBeUndefined();
});
