import { approvalsConformance } from "@holdpoint/core/conformance";
import { workflow } from "@holdpoint/server";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "./client.ts";

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
