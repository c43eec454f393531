import { durationMs, HoldpointError, type Route, routes } from "@holdpoint/core";
import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { sharedTestDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { startTestHoldpoint } from "../testing.ts";
import { openLine } from "./test-line.ts";

describe("operations", () => {
  test("/readyz follows the database, /healthz only the process", async () => {
    await using server = await startTestHoldpoint({ logger: pino({ level: "silent" }) });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.holdpoint.stop();
    const notReady = await fetch(`${server.url}/readyz`);
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({ error: { code: "unavailable" } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test("/metrics counts requests, events and what is pending", async () => {
    await using server = await startTestHoldpoint();
    const [approval] = [await server.request({ title: "Refund 7" }), await server.request({ title: "Refund 8" })];
    await server.as("ana").approve(approval);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('holdpoint_http_request_duration_seconds_count{route="respond",status="200"} 1');
    expect(metrics).toContain('holdpoint_events_total{type="approval.requested"} 2');
    expect(metrics).toContain('holdpoint_events_total{type="decision.recorded"} 1');
    expect(metrics).toContain("holdpoint_pending_approvals 1");
    expect(metrics).toContain("holdpoint_live_connections 0");
  });

  test("D2: /metrics tells how much is stale, and how long the oldest has waited", async () => {
    const clock = createTestClock();
    await using server = await startTestHoldpoint({ clock, staleAfter: "2h" });
    const figures = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return ["approvals_stale", "oldest_pending_approval_age_seconds"].map(
        (name) => new RegExp(`^holdpoint_${name} (.*)$`, "m").exec(text)?.[1],
      );
    };
    expect(await figures()).toEqual(["0", "0"]);
    await server.holdpoint.approvals.request({ title: "Refund 7" });
    clock.advance(durationMs("90m"));
    const later = await server.holdpoint.approvals.request({ title: "Refund 8" });
    expect(await figures()).toEqual(["0", "5400"]);
    clock.advance(durationMs("30m"));
    expect(await figures()).toEqual(["1", "7200"]);
    await server.holdpoint.approvals.cancel(later.id);
    clock.advance(durationMs("400d"));
    expect(await figures()).toEqual(["1", `${400 * 86_400 + 7_200}`]);
    await expect(startTestHoldpoint({ staleAfter: "soon" })).rejects.toThrow("staleAfter");
  });

  test("/metrics wants the metrics token where one is set", async () => {
    await using server = await startTestHoldpoint({ metricsToken: "scrape-me" });
    const scrape = (authorization: string) => fetch(`${server.url}/metrics`, { headers: { authorization } });
    expect((await scrape("Bearer scrape-you")).status).toBe(401);
    expect((await scrape("Bearer scrape-me")).status).toBe(200);
  });

  test("/openapi.json describes exactly the routes that are served", async () => {
    await using server = await startTestHoldpoint();
    const document = await (await fetch(`${server.url}/openapi.json`)).json();
    expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: "/api" }] });
    const described = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = Object.values<Route>(routes).map(({ method, path }) => `${method} ${path.replace(":id", "{id}")}`);
    const operations = ["healthz", "readyz", "metrics", "openapi.json"].map((path) => `GET /${path}`);
    expect(described.sort()).toEqual([...served, ...operations].sort());
    for (const path of ["healthz", "readyz", "metrics", "openapi.json"]) {
      const { headers } = await fetch(`${server.url}/${path}`);
      const [type = ""] = Object.keys(document.paths[`/${path}`].get.responses[200].content);
      expect(headers.get("content-type")).toContain(type);
    }
  });

  test("what nobody foresaw is answered without a word of it, and logged under the id that the caller gets", async () => {
    const lines: string[] = [];
    const logger = pino({ level: "error" }, { write: (line) => void lines.push(line) });
    await using server = await startTestHoldpoint({
      logger,
      authenticate: ({ token }) => {
        if (token === undefined) return null;
        throw new TypeError("the session database says no: hunter2");
      },
    });
    const refusal = await server
      .as("ana")
      .get("/counts")
      .catch((error: unknown) => error);
    if (!(refusal instanceof HoldpointError)) throw new Error("not refused");
    expect(refusal.code).toBe("internal");
    expect(refusal.message).not.toContain("hunter2");
    const id = /err_\w+/.exec(refusal.message)?.[0] ?? "no id";
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(id);
  });

  test("a viewer who calls too often is told when to come back, and others are not held up", async () => {
    await using server = await startTestHoldpoint({ rateLimit: { requests: 2, seconds: 600 } });
    const ana = server.as("ana");
    await ana.get("/counts");
    await ana.get("/counts");
    const refused = await ana.fetch("/counts");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: "rate_limited" } });
    expect((await server.as("bo").fetch("/counts")).status).toBe(200);
  });
});

describe.each(sharedTestDatabases)("a database on $name that goes away", ({ create }) => {
  test("is told as such, and nothing is lost when it is back", async () => {
    const { location, [Symbol.asyncDispose]: remove } = await create();
    const direct = new URL(String(location()));
    const line = await openLine({ host: direct.hostname, port: Number(direct.port) });
    const throughLine = Object.assign(new URL(direct), { hostname: "127.0.0.1", port: String(line.port) });
    await using server = await startTestHoldpoint({
      database: { location: () => throughLine.href, [Symbol.asyncDispose]: remove },
      logger: pino({ level: "silent" }),
    });
    const approval = await server.request({ title: "Refund order 7" });

    await line.cut();
    await expect(server.as("ana").approve(approval)).rejects.toMatchObject({ code: "unavailable", status: 503 });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);

    await line.mend();
    const approved = await vi.waitFor(() => server.as("ana").approve(approval), { timeout: 60_000 });
    expect(approved.status).toBe("approved");
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.holdpoint.stop();
    await line.cut();
  });
});
