import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { createManualClock, startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test, vi } from "vitest";
import { signedHeaders } from "./webhook/post-webhook.ts";
import { loopback, secret, startReceiver } from "./webhook/test-receiver.ts";
import { webhookChannel } from "./webhook/webhook-channel.ts";
import { webhookResumer } from "./webhook/webhook-resumer.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const cwd = new URL("..", import.meta.url);
const flags = ["--conditions=@holdpoint/source", "--input-type=module-typescript", "--eval"];

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*(?:\`[^\`]+\`[^\`]*)*?)\`\`\``, "g"))].map(
    ([, code = ""]) => code,
  );
}

function said(code: string | undefined): string | undefined {
  return /^\/\/ (.*)$/m.exec(code ?? "")?.[1];
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}

test("the README's receiver is resumed by the README's server", async () => {
  const [receiver = "", server = ""] = blocks("ts");
  const env = { ...process.env, PORT: await freePort(), WEBHOOK_SECRET: secret };
  const child = spawn(process.execPath, [...flags, receiver], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  let heard = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    heard += text;
  });
  await vi.waitFor(() => fetch(`http://127.0.0.1:${env.PORT}/`), { timeout: 60_000 });
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, server], { cwd, env });
  expect(stdout.trim()).toBe(said(server));
  await vi.waitFor(() => expect(heard.trim()).toBe(said(receiver)), { timeout: 60_000 });
  child.kill();
});

test("the README's messages are what is sent", async () => {
  const [request, ...messages] = blocks("json").map((json) => JSON.parse(json));
  const types = ["approval.resolved", "approval_group.resolved", "notification.requested"];
  expect(messages.map(({ type }) => type)).toEqual(types);
  await using receiver = await startReceiver();
  const endpoint = { url: receiver.url, secret };
  await using server = await startTestHoldpoint({
    clock: createManualClock(Date.parse("2026-01-01T12:00:00.000Z")),
    publicUrl: "https://app.example.com/",
    resumers: [webhookResumer({ endpoints: { billing: endpoint }, allowAddresses: loopback })],
    channels: { ops: webhookChannel({ ...endpoint, allowAddresses: loopback }) },
  });
  const member = (order: number) => ({
    key: `refund-${order}`,
    title: `Refund order ${order}`,
    action: { name: "refund", args: { order } },
    source: { engine: "webhook", ref: { endpoint: "billing", order } },
    group: { key: "friday", mode: "all" as const, size: 2 },
  });
  const ana = server.as("ana");
  await ana.approve(await server.request({ ...request, channels: ["ops"] }));
  await ana.approve(await server.request(member(8)));
  await ana.reject(await server.request(member(9)), "Refunded last week");
  for (const message of messages) {
    const sent = await vi.waitUntil(() => receiver.messages.find(({ type }) => type === message.type), {
      timeout: 60_000,
    });
    expect(shortened(sent)).toEqual({ id: expect.any(String), ...message });
  }
});

/** Ids and digests as the README writes them. */
function shortened(message: object): unknown {
  const text = JSON.stringify(message);
  return JSON.parse(text.replaceAll(/\b((?:apr|dlv)_\w{5})\w{21}\b|\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1$2..."));
}

test("the README's command waits for an outcome", async () => {
  await using server = await startTestHoldpoint();
  const { id, digest } = await server.request({ title: "Refund order 7" });
  await server.as("ana").approve({ id, digest });
  const env = { ...process.env, API_URL: server.url, TOKEN: await server.token("ana"), APPROVAL_ID: id };
  const { stdout } = await promisify(execFile)("sh", ["-c", blocks("sh")[0] ?? ""], { env });
  expect(JSON.parse(stdout)).toMatchObject({ id, status: "approved" });
});

test("the README's Python tells genuine messages from others", (context) => {
  const code = `${blocks("py")[0]}
import json, sys
headers, body, secret = json.load(sys.stdin)
print(is_genuine(headers, body.encode(), secret), is_genuine(headers, body.encode() + b" ", secret))`;
  const body = '{"ref":"é"}';
  const headers = signedHeaders({ secret: ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", secret] }, "dlv_1", body);
  const input = JSON.stringify([headers, body, secret]);
  const { error, stdout, stderr } = spawnSync("python3", ["-c", code], { input, encoding: "utf8" });
  if (error) return void context.annotate("python3 isn't here: the README's Python was not run", "warning");
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe("True False");
});
