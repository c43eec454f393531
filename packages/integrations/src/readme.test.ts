import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test, vi } from "vitest";
import { signedHeaders } from "./webhook/post-webhook.ts";
import { secret } from "./webhook/test-receiver.ts";

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
