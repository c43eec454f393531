import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@holdpoint/client";
import type { Approval, ApprovalQuery, JsonObject } from "@holdpoint/core";
import { sessionTokens } from "@holdpoint/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { askToRefund, respondToRefund } from "./ask.ts";
import { outbox } from "./email.ts";
import { startHost } from "./host.ts";

const secret = "a secret for the examples' tests, long enough";
let folder: string;
let host: Awaited<ReturnType<typeof startHost>>;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdpoint-examples-"));
  host = await startHost(`sqlite:${join(folder, "holdpoint.db")}`, secret);
  host.server.listen(0, "127.0.0.1");
  await once(host.server, "listening");
  url = `http://127.0.0.1:${(host.server.address() as AddressInfo).port}/api`;
});

afterAll(async () => {
  host.server.close();
  await host.holdpoint.stop();
  host.server.closeAllConnections();
  await rm(folder, { recursive: true });
});

const tokenOf = (sub: string) =>
  sessionTokens({ secret }).issue({ sub, tenant: "acme", groups: ["support"], role: "reviewer" });

async function clientOf(sub: string) {
  const token = await tokenOf(sub);
  return createClient({ url, getToken: () => token });
}

test("the host's run waits for a reviewer and sends what they edited", async () => {
  const [sam, mia] = [await clientOf("sam"), await clientOf("mia")];
  const run = await sam.runs.start({ workflow: "outreach", input: { to: "ana@casaolmo.example" } });
  const approval = await found(mia, { runId: run.id });
  const args = { ...(approval.action?.args as JsonObject), subject: "Friday evenings" };
  await mia.approvals.respond(approval.id, { type: "edit", digest: approval.digest, args });
  const ended = await sam.runs.wait(run.id, { timeout: 20 });
  expect(ended.output).toEqual({ status: "sent" });
  expect(outbox.map(({ subject }) => subject)).toEqual(["Friday evenings"]);
});

test("a program elsewhere asks and waits", async () => {
  const mia = await clientOf("mia");
  const answer = askToRefund(url, await tokenOf("sam"));
  const approval = await found(mia, { q: "refund" });
  await mia.approvals.respond(approval.id, { approved: true });
  expect(await answer).toBe("approved");
});

test("A7: an answer over HTTP records who gave it, and why", async () => {
  const { id } = await (await clientOf("sam")).approvals.request({ title: "Refund order 48214" });
  const decided = await respondToRefund(url, await tokenOf("mia"), id);
  const reason = "It was refunded last week.";
  expect(decided).toMatchObject({ status: "rejected", outcome: { reason, decidedBy: [{ id: "mia" }] } });
  expect(decided.decisions).toMatchObject([{ type: "reject", by: { id: "mia" }, via: "api", comment: reason }]);
});

/** The first approval that a query finds, once there is one. */
function found({ approvals }: Client, query: ApprovalQuery): Promise<Approval> {
  return vi.waitUntil(async () => (await approvals.list(query)).items[0], { timeout: 60_000 });
}
