import type { Approval } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

describe("waiting over HTTP", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const arrived = () => new Promise<void>((resolve) => server.server.once("request", () => resolve()));

  test("answers when the approval is decided", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const request = arrived();
    const waiting = server.as("ana").get<Approval>(`/approvals/${approval.id}/wait?timeout=60`);
    await request;
    await server.as("bo").approve(approval);
    expect((await waiting).status).toBe("approved");
  });

  test("answers with the pending approval when the time is up", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    expect(await server.as("ana").get(`/approvals/${approval.id}/wait?timeout=0`)).toEqual(approval);
    expect(await server.as("ana").get(`/approvals/${approval.id}/wait?timeout=1`)).toEqual(approval);
  });

  test("lets go when the caller hangs up", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const caller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      server.server.once("request", (_req, res) => res.once("close", () => resolve()));
    });
    const request = arrived();
    const waiting = server.as("ana").fetch(`/approvals/${approval.id}/wait?timeout=60`, { signal: caller.signal });
    await request;
    caller.abort();
    await expect(waiting).rejects.toThrow();
    await closed;
    expect((await server.as("bo").approve(approval)).status).toBe("approved");
  });

  test("ends when the server stops, saying so", async () => {
    await using stopping = await startTestHoldpoint();
    const approval = await stopping.request({ title: "Refund order 7" });
    const request = new Promise<void>((resolve) => stopping.server.once("request", () => resolve()));
    const waiting = stopping.as("ana").get(`/approvals/${approval.id}/wait?timeout=60`);
    const refused = expect(waiting).rejects.toMatchObject({ code: "unavailable", status: 503 });
    await request;
    await stopping.holdpoint.stop();
    await refused;
  });
});
