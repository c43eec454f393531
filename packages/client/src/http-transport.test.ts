import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { openTestLink } from "./test-link.ts";

/** A server of another kind at the same address: a proxy's error page, a gateway that is restarting. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a request that was refused for its token is repeated once with a fresh one", async () => {
  await using holdpoint = await startTestHoldpoint();
  const reasons: string[] = [];
  const client = createClient({
    url: holdpoint.url,
    getToken: async ({ reason }) => {
      reasons.push(reason);
      return reason === "connect" ? "expired" : holdpoint.token("ana");
    },
  });
  await Promise.all([client.counts(), client.approvals.list(), client.changes()]);
  expect(reasons).toEqual(["connect", "unauthorized"]);
});

test("a token that stays refused is an error, not a loop", async () => {
  await using holdpoint = await startTestHoldpoint();
  let asked = 0;
  const client = createClient({ url: holdpoint.url, getToken: () => `forged ${asked++}` });
  await expect(client.counts()).rejects.toMatchObject({ code: "unauthenticated" });
  expect(asked).toBe(2);
});

test("reads are repeated when there was no answer", async () => {
  await using holdpoint = await startTestHoldpoint();
  await using link = await openTestLink(holdpoint.origin);
  let failures = 2;
  const client = createClient({
    url: link.url,
    getToken: () => holdpoint.token("ana"),
    random: () => 0,
    fetch: (...request) => {
      if (failures-- > 0) link.cut("closed");
      else link.open();
      return fetch(...request);
    },
  });
  expect(await client.counts()).toMatchObject({ pending: 0 });
});

test("a response whose answer was lost is sent again with the same key, and counts once", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7", reviewers: { quorum: 2 } });
  const keys: (string | null)[] = [];
  const client = createClient({
    url: holdpoint.url,
    getToken: () => holdpoint.token("ana"),
    random: () => 0,
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      keys.push(new Headers(init?.headers).get("idempotency-key"));
      if (keys.length === 1) throw new TypeError("the line broke");
      return answer;
    },
  });
  const after = await client.approvals.respond(approval.id, { type: "approve", digest: approval.digest });
  expect(after.decisions).toHaveLength(1);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test("what may not be repeated is sent once", async () => {
  let sent = 0;
  await using gateway = await serve((_request, response) => {
    sent++;
    response.writeHead(503).end("restarting");
  });
  const { approvals, sendEvent } = createClient({ ...gateway, random: () => 0 });
  await expect(approvals.request({ title: "Refund order 7" })).rejects.toMatchObject({ code: "unavailable" });
  expect(sent).toBe(1);
  await expect(approvals.request({ title: "Refund order 7", key: "refund-7" })).rejects.toMatchObject({ status: 503 });
  expect(sent).toBe(4);
  await expect(sendEvent({ name: "order.paid" })).rejects.toMatchObject({ status: 503 });
  expect(sent).toBe(5);
  await expect(sendEvent({ name: "order.paid", id: "pay-7" })).rejects.toMatchObject({ status: 503 });
  expect(sent).toBe(8);
});

test("an answer that isn't ours becomes an error by its status", async () => {
  const statuses = [502, 404, 413, 500, 418];
  await using proxy = await serve((_request, response) => response.writeHead(statuses.shift() ?? 200).end("<html>"));
  const { approvals } = createClient(proxy);
  const codes: string[] = [];
  for (let i = 0; i < 5; i++) {
    codes.push(await approvals.cancel("apr_1").then(String, (error: { code: string }) => error.code));
  }
  expect(codes).toEqual(["unavailable", "not_found", "payload_too_large", "internal", "invalid_request"]);
});

test("a call that is given up rejects with the signal's reason, also between attempts", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7" });
  const client = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  const giveUp = new AbortController();
  const waiting = client.approvals.wait(approval.id, { timeout: 30, signal: giveUp.signal });
  giveUp.abort(new Error("the page was left"));
  await expect(waiting).rejects.toThrow("the page was left");

  await using gateway = await serve((_request, response) => response.writeHead(503).end());
  const pausing = new AbortController();
  const clock = {
    now: Date.now,
    after: () => {
      pausing.abort(new Error("given up in a pause"));
      return () => undefined;
    },
  };
  const counting = createClient({ ...gateway, clock }).counts({ signal: pausing.signal });
  await expect(counting).rejects.toThrow("given up in a pause");
});
