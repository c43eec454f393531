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

test("approved by somebody else: deletes the customer and says who agreed", async () => {
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
    approvedBy: ["Leo Tran"],
  });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeUndefined();
  expect(acme.office.customers.list("acme")).toHaveLength(2);
});

test("whoever asked can't approve it", async () => {
  const { approval } = await startRun();
  const own = acme.approvals("mia").respond(approval.id, { type: "approve", digest: approval.digest });
  await expect(own).rejects.toMatchObject({ code: "self_approval" });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeDefined();
});

test("rejected: the customer stays, and the run says so", async () => {
  const { runId, approval } = await startRun();
  await acme
    .approvals("kim")
    .respond(approval.id, { type: "reject", digest: approval.digest, comment: "Open invoice." });
  expect((await acme.ended("mia", runId)).output).toEqual({ status: "rejected", reason: "Open invoice." });
  expect(acme.office.customers.find("acme", "cus_1041")).toBeDefined();
});

test("waits for as long as it takes", async () => {
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
