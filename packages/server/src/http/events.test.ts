import { type ErrorBody, type EventInput, type Json, type Role, type SentEvent, workflow } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

const waiter = workflow("waiter", { version: 1 }, async (run, { name }: { name: string }) => {
  const event = await run.waitForEvent("wait", { event: name });
  return event?.data ?? null;
});

function nested(depth: number): Json {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe("POST /events", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ workflows: [waiter] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function post(
    body: unknown,
    { role = "requester", tenant = "default" }: { role?: Role; tenant?: string } = {},
  ) {
    const caller = server.as("ana", { role, tenant });
    const headers = { "content-type": "application/json" };
    const response = await caller.fetch("/events", { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as SentEvent & Partial<ErrorBody> };
  }

  test("remembers an event and answers with it: 201, and 200 when it comes again", async () => {
    const body = { name: "order.paid", data: { order: 7 }, id: "pay-7" };
    const first = await post(body);
    expect(first).toEqual({ status: 201, body: { ...body, at: expect.any(String) } });
    expect(await post(body)).toEqual({ status: 200, body: first.body });
    const nameless = await Promise.all([post({ name: "tick" }), post({ name: "tick" })]);
    expect(nameless.map(({ status, body }) => [status, body.data])).toEqual([
      [201, null],
      [201, null],
    ]);
    expect(nameless[0]?.body.id).not.toBe(nameless[1]?.body.id);
  });

  test.each([
    ["data", { name: "order.paid", data: { order: 8 }, id: "pay-8" }],
    ["name", { name: "order.sent", data: { order: 7 }, id: "pay-8" }],
  ])("refuses another %s under the same id with 409, and keeps the first", async (_what, other) => {
    const first = { name: "order.paid", data: { order: 7 }, id: "pay-8" };
    const { body } = await post(first);
    expect(await post(other)).toMatchObject({ status: 409, body: { error: { code: "idempotency_conflict" } } });
    expect(await post(first)).toEqual({ status: 200, body });
  });

  test.each<[Role, number]>([
    ["requester", 201],
    ["reviewer", 201],
    ["admin", 201],
    ["auditor", 403],
  ])("answers a %s with %d", async (role, status) => {
    expect((await post({ name: "tick" }, { role })).status).toBe(status);
  });

  test("wants a token", async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.url}/events`, { method: "POST", headers, body: '{"name":"tick"}' });
    expect(response.status).toBe(401);
  });

  test("reaches no run of another tenant, whose ids are its own", async () => {
    const ana = server.as("ana", { role: "requester" });
    const run = await ana.startRun({ workflow: "waiter", input: { name: "shared" } });
    expect(await post({ name: "shared", data: "theirs", id: "same" }, { tenant: "globex" })).toMatchObject({
      status: 201,
    });
    expect(await post({ name: "shared", data: "ours", id: "same" })).toMatchObject({ status: 201 });
    const done = await ana.get<{ output: Json }>(`/runs/${run.id}/wait?timeout=20`);
    expect(done.output).toBe("ours");
  });

  const refusals: [what: string, body: unknown, code: string, field: string][] = [
    ["no name", {}, "invalid_request", "name"],
    ["an empty name", { name: "" }, "invalid_request", "name"],
    ["a name of another type", { name: 7 }, "invalid_request", "name"],
    ["a name of 201 characters", { name: "x".repeat(201) }, "invalid_request", "name"],
    ["an empty id", { name: "tick", id: "" }, "invalid_request", "id"],
    ["an unknown field", { name: "tick", colour: "red" }, "invalid_request", "colour"],
    ["data nested too deep", { name: "tick", data: nested(40) }, "invalid_request", "data"],
    ["over 256 KB", { name: "tick", data: "x".repeat(256 * 1024) }, "payload_too_large", "262144 bytes"],
    ["over 256 KB in fewer characters", { name: "tick", data: "\u20ac".repeat(90_000) }, "payload_too_large", "262144"],
  ];

  test.each(refusals)("refuses %s by what is wrong, over HTTP and in process", async (_what, body, code, field) => {
    const before = await received();
    const { body: answer } = await post(body);
    expect(answer.error).toMatchObject({ code, message: expect.stringContaining(field) });
    const inProcess = server.holdpoint.events.send(body as EventInput);
    await expect(inProcess).rejects.toMatchObject({ code, message: answer.error?.message });
    expect(await received()).toBe(before);
  });

  test("and sending in process are one: ids, roles and the largest body", async () => {
    const { events } = server.holdpoint;
    const { body } = await post({ name: "tick", data: 1, id: "both" });
    expect(await events.send({ name: "tick", data: 1, id: "both" })).toEqual(body);
    const conflict = events.send({ name: "tick", data: 2, id: "both" });
    await expect(conflict).rejects.toMatchObject({ code: "idempotency_conflict" });
    const auditor = { id: "kim", tenantId: "default", groups: [], role: "auditor" as const };
    await expect(events.as(auditor).send({ name: "tick" })).rejects.toMatchObject({ code: "forbidden" });
    const room = 256 * 1024 - JSON.stringify({ name: "tick", data: "" }).length;
    const largest = { name: "tick", data: "x".repeat(room) };
    expect((await post(largest)).status).toBe(201);
    expect(await events.send(largest)).toMatchObject(largest);
  });

  /** Events in the log, which is what was stored. */
  async function received(): Promise<string | undefined> {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return /holdpoint_events_total{type="event.received"} (.*)/.exec(metrics)?.[1];
  }
});
