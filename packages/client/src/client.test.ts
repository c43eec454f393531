// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import { approvalsConformance } from "@holdpoint/core/conformance";
import { parsePolicy, workflow } from "@holdpoint/server";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Client, createClient } from "./client.ts";

describe("approvals over HTTP", () => {
  let holdpoint: TestHoldpoint;
  beforeAll(async () => {
    holdpoint = await startTestHoldpoint();
  });
  afterAll(() => holdpoint[Symbol.asyncDispose]());

  test.each(approvalsConformance)("$name", ({ run }) =>
    run({
      as: ({ id, name, tenantId, groups, role }) =>
        createClient({
          url: holdpoint.url,
          getToken: () => holdpoint.token(id, { name, tenant: tenantId, groups, role }),
        }).approvals,
    }),
  );
});

test("an event is sent once by its id, and a run gets it", async () => {
  const waiter = workflow("waiter", { version: 1 }, async (run, _input: null) => {
    const event = await run.waitForEvent("wait", { event: "order.paid" });
    return event?.data ?? null;
  });
  await using holdpoint = await startTestHoldpoint({ workflows: [waiter] });
  const client = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  const run = await client.runs.start({ workflow: "waiter", input: null });
  const event = { name: "order.paid", data: { order: 7 }, id: "pay-7" };
  const sent = await client.sendEvent(event);
  expect(sent).toEqual({ ...event, at: expect.any(String) });
  expect(await client.sendEvent(event)).toEqual(sent);
  await expect(client.sendEvent({ ...event, data: 8 })).rejects.toMatchObject({ code: "idempotency_conflict" });
  await expect(client.sendEvent({ name: "" })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining("name"),
  });
  const auditor = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("kim", { role: "auditor" }) });
  await expect(auditor.sendEvent({ name: "order.paid" })).rejects.toMatchObject({ code: "forbidden" });
  expect((await client.runs.wait(run.id)).output).toEqual({ order: 7 });
});

test("runs are started, waited for, listed and cancelled", async () => {
  const greet = workflow("greet", { version: 1 }, async (run, input: { name: string }) => {
    await run.approval("send", { title: `Greet ${input.name}` });
    return `Hello ${input.name}`;
  });
  await using holdpoint = await startTestHoldpoint({ workflows: [greet] });
  const client = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  const run = await client.runs.start({ workflow: "greet", input: { name: "Bo" }, key: "one" });
  expect((await client.runs.start({ workflow: "greet", input: { name: "Bo" }, key: "one" })).id).toBe(run.id);
  await expect.poll(() => client.counts()).toMatchObject({ pending: 1 });
  const [approval] = (await client.approvals.list({ runId: run.id })).items;
  await createClient({ url: holdpoint.url, getToken: () => holdpoint.token("bo") }).approvals.respond(
    approval?.id ?? "",
    {
      approved: true,
    },
  );
  expect((await client.runs.wait(run.id, { timeout: 10 })).output).toBe("Hello Bo");
  const other = await client.runs.start({ workflow: "greet", input: { name: "Kim" } });
  expect((await client.runs.cancel(other.id)).status).toBe("cancelled");
  expect((await client.runs.list({ status: ["completed"] })).items.map(({ id }) => id)).toEqual([run.id]);
  expect((await client.runs.get(run.id)).steps?.map(({ name }) => name)).toEqual(["send"]);
});

test("waits outlast the time that any other request may take", async () => {
  const greet = workflow("greet", { version: 1 }, (run) => run.approval("send", { title: "Greet Bo" }));
  await using holdpoint = await startTestHoldpoint({ workflows: [greet] });
  const { id: runId } = await holdpoint.holdpoint.runs.start({ workflow: "greet", input: null });
  const [approval] = await vi.waitFor(async () => {
    const inbox = await holdpoint.as("ana").inbox();
    expect(inbox).toHaveLength(1);
    return inbox;
  });
  const root = createClient({
    url: holdpoint.url,
    getToken: () => holdpoint.token("root", { role: "admin" }),
    timeoutMs: 1,
  });
  const ended = Promise.all([root.approvals.wait(approval?.id ?? ""), root.runs.wait(runId)]);
  if (approval) await holdpoint.as("ana").approve(approval);
  expect((await ended).map(({ status }) => status)).toEqual(["approved", "completed"]);
});

test("the history, the changes and bulk responses come through the same client", async () => {
  await using holdpoint = await startTestHoldpoint();
  const client = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  const { cursor } = await client.changes();
  const one = await holdpoint.request({ title: "Refund order 7" });
  const two = await holdpoint.request({ title: "Refund order 8" });
  await holdpoint.as("bo").reject(two);
  const items = [one, two].map(({ id, digest }) => ({ id, digest }));
  expect(await client.bulkRespond({ items, type: "approve" })).toMatchObject([
    { id: one.id, ok: true },
    { id: two.id, ok: false, error: { code: "already_resolved" } },
  ]);
  expect((await client.events(one.id)).items.map(({ type }) => type)).toEqual(await holdpoint.eventTypes(one));
  const answer = await client.changes({ since: cursor });
  expect("changes" in answer && answer.changes).toHaveLength(2);
});

test("deliveries are listed and sent again", async () => {
  await using holdpoint = await startTestHoldpoint();
  const { deliveries } = createClient({
    url: holdpoint.url,
    getToken: () => holdpoint.token("root", { role: "admin" }),
  });
  const { id: approvalId } = await holdpoint.request({ title: "Refund order 7", channels: ["ops"] });
  const [parked] = (await deliveries.list({ status: ["parked"], approvalId })).items;
  expect(parked).toMatchObject({ channel: "ops", cause: "requested" });
  expect(await deliveries.redeliver(parked?.id ?? "")).toMatchObject({ id: parked?.id, status: "pending" });
});

test("what a policy would do is explained, and what was remembered is listed and revoked", async () => {
  const policy = parsePolicy([
    { name: "high stakes", when: { action: "delete.*" }, then: { require: { risk: "high" } } },
  ]);
  await using holdpoint = await startTestHoldpoint({ policy });
  const [agent, ana] = (["requester", "reviewer"] as const).map((role) =>
    createClient({ url: holdpoint.url, getToken: () => holdpoint.token(role, { role }) }),
  ) as [Client, Client];
  const refund = { title: "Refund order 7", action: { name: "refund", args: { order: 7 } } };
  expect(await agent.policy.explain({ ...refund, action: { name: "delete.order", args: {} } })).toMatchObject({
    verdict: "ask",
    requiredBy: ["high stakes"],
  });
  const asked = await agent.approvals.request(refund);
  await ana.approvals.respond(asked.id, { type: "approve", digest: asked.digest, remember: { for: { times: 2 } } });
  const {
    items: [grant],
  } = await ana.grants.list({ limit: 1 });
  const id = grant?.id ?? "";
  expect(await agent.policy.explain(refund)).toMatchObject({ verdict: "approve", grant: { id } });
  expect(await ana.grants.revoke(id)).toMatchObject({ id, uses: 0, revokedBy: { id: "reviewer" } });
  expect(await agent.policy.explain(refund)).toMatchObject({ verdict: "ask" });
  await expect(agent.grants.list()).rejects.toMatchObject({ code: "forbidden" });
});
