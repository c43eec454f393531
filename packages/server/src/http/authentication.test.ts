import { type Route, routes } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHoldpoint } from "../holdpoint.ts";
import { sessionTokens } from "../identity/session-tokens.ts";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

describe("authentication", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const asking = (authorization?: string) =>
    fetch(`${server.url}/approvals`, { headers: authorization === undefined ? {} : { authorization } });

  test.each(Object.entries<Route>(routes))("%s wants a viewer", async (_name, { method, path }) => {
    const response = await fetch(server.url + path.replace(":id", "x"), { method });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="holdpoint"');
    expect(await response.json()).toMatchObject({ error: { code: "unauthenticated" } });
  });

  test("a token that is not valid is refused as such", async () => {
    const response = await asking("Bearer nonsense");
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("an expired token is refused, saying that it expired", async () => {
    const hourAgo = Date.now() - 3_600_000;
    const past = sessionTokens({
      secret: "a secret for tests, long enough for HS256",
      clock: { now: () => hourAgo, after: () => () => undefined },
    });
    const response = await asking(`Bearer ${await past.issue({ sub: "ana", expiresIn: "1m" })}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { code: "unauthenticated", message: expect.stringContaining("expired") },
    });
  });

  test("a role that a route isn't for is forbidden", async () => {
    const auditor = server.as("audrey", { role: "auditor" });
    await expect(auditor.request({ title: "Refund" })).rejects.toMatchObject({ code: "forbidden", status: 403 });
    await expect(auditor.startRun({ workflow: "outreach", input: {} })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("an API key calls with its role and tenant until it is revoked", async () => {
    const { apiKeys } = server.holdpoint;
    const { id, secret } = await apiKeys.create({ name: "mail agent", role: "requester", tenantId: "acme" });
    const request = () =>
      fetch(`${server.url}/approvals`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ title: "Refund" }),
      });
    const created = await request();
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({
      tenantId: "acme",
      ownerId: id,
      requestedBy: { id, name: "mail agent", kind: "service" },
    });

    await apiKeys.revoke(id, "acme");
    const refused = await request();
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("revoked") } });
    expect(await apiKeys.list("acme")).toEqual([
      {
        id,
        tenantId: "acme",
        name: "mail agent",
        role: "requester",
        groups: [],
        createdAt: expect.any(String),
        revokedAt: expect.any(String),
      },
    ]);
  });

  test("an API key that acts for a person may not decide what that person asked for", async () => {
    const { secret } = await server.holdpoint.apiKeys.create({ name: "script", role: "reviewer", ownerId: "ana" });
    const approval = await server.as("ana").request({ title: "Refund" });
    const response = await fetch(`${server.url}/approvals/${approval.id}/respond`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ approved: true }),
    });
    expect(await response.json()).toMatchObject({ error: { code: "self_approval" } });
  });

  test("an API key of another tenant can't be revoked", async () => {
    const { id } = await server.holdpoint.apiKeys.create({ name: "script", role: "reviewer", tenantId: "globex" });
    await expect(server.holdpoint.apiKeys.revoke(id, "acme")).rejects.toMatchObject({ code: "not_found" });
  });

  test("a Holdpoint without authenticate can't be made", () => {
    // @ts-expect-error JavaScript callers can leave it out
    expect(() => createHoldpoint({ database: "sqlite::memory:" })).toThrow(/needs authenticate/);
  });
});
