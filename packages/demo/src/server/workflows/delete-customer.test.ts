import type { Approval } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

beforeEach(async () => {
  acme = await openTestOffice();
});

afterEach(() => acme[Symbol.asyncDispose]());

const input = { customerId: "cus_1041", reason: "They asked us to forget them." };

/** Starts a run as Mia and gives it with the approval that it waits for. */
async function startRun(): Promise<{ runId: string; approval: Approval }> {
  const { id } = await acme.runs("mia").start({ workflow: "delete-customer", input });
  return { runId: id, approval: await acme.pending("mia") };
}

test("B6: approved by somebody else, the handler is called again and deletes the customer", async () => {
  const { runId, approval } = await startRun();
  expect(approval).toMatchObject({
    risk: "critical",
    requestedBy: { id: "mia", kind: "user" },
    content: [{ title: "Reason given", text: input.reason }, { title: "What is deleted" }],
  });
  await acme.approvals("leo").respond(approval.id, { type: "approve", digest: approval.digest, comment: "Checked." });
  expect((await acme.ended("mia", runId)).output).toEqual({
    status: "deleted",
    customerId: "cus_1041",
  });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeUndefined();
  expect(acme.office.customers.list("acme")).toHaveLength(2);
});

test("B5: whoever asked can't approve it", async () => {
  const { approval } = await startRun();
  const own = acme.approvals("mia").respond(approval.id, { type: "approve", digest: approval.digest });
  await expect(own).rejects.toMatchObject({ code: "self_approval" });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeDefined();
});

test("B6: rejected, the customer stays, and the run says who decided and why", async () => {
  const { runId, approval } = await startRun();
  await acme
    .approvals("kim")
    .respond(approval.id, { type: "reject", digest: approval.digest, comment: "Open invoice." });
  expect(await acme.ended("mia", runId)).toMatchObject({
    status: "rejected",
    outcome: { status: "rejected", reason: "Open invoice.", decidedBy: [{ id: "kim", name: "Kim Park" }] },
  });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeDefined();
});

test("B2: waits for as long as it takes", async () => {
  const { approval } = await startRun();
  expect(approval.deadlineAt).toBeUndefined();
  acme.advance("400d");
  expect((await acme.approvals("mia").get(approval.id)).status).toBe("pending");
});

test("a customer that isn't there, or is another company's, fails the run at once", async () => {
  const { id } = await acme
    .runs("mia")
    .start({ workflow: "delete-customer", input: { ...input, customerId: "cus_2001" } });
  const run = await acme.ended("mia", id);
  expect(run).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("There is no customer cus_2001.") },
  });
  expect(run.steps).toMatchObject([{ name: "load customer", status: "failed", attempts: 1 }]);
});
