import type { Approval, Page } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

describe("requests from pages", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ allowedOrigins: ["https://app.example.com"] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const post = (headers: Record<string, string>) =>
    server.as("ana").fetch("/approvals", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ title: "Refund" }),
    });

  test.each([
    ["no page", {}],
    ["a page of our own", "own"],
    ["an allowed origin", { origin: "https://app.example.com" }],
  ])("from %s may change state", async (_from, headers) => {
    const response = await post(headers === "own" ? { origin: server.origin } : (headers as Record<string, string>));
    expect(response.status).toBe(201);
  });

  test.each(["https://evil.example", "null", "https://app.example.com.evil.example"])(
    "from %s may not change state",
    async (origin) => {
      const count = async () => (await server.as("ana").get<Page<Approval>>("/approvals?limit=200")).items.length;
      const before = await count();
      const response = await post({ origin });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        error: { code: "forbidden", message: expect.stringContaining("allowedOrigins") },
      });
      expect(await count()).toBe(before);
    },
  );

  test("only allowed origins may read answers", async () => {
    const allowed = await server.as("ana").fetch("/counts", { headers: { origin: "https://app.example.com" } });
    const foreign = await server.as("ana").fetch("/counts", { headers: { origin: "https://evil.example" } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("a preflight of an allowed origin is granted what the client sends", async () => {
    const response = await fetch(`${server.url}/approvals`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toMatch(/authorization.*idempotency-key/i);
  });
});
