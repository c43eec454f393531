import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Approval, ErrorBody, Run } from "@holdpoint/core";
import { io } from "socket.io-client";
import { expect, test, vi } from "vitest";
import { testCaller } from "../testing/caller.ts";
import { CommandProcess, type CommandResult, emptyDirectory } from "./test-command-process.ts";

const secret = "0123456789abcdef0123456789abcdef";
const env = { HOLDPOINT_SECRET: secret };
const listening = /^Holdpoint listening on (http:\/\/127\.0\.0\.1:\d+)$/m;

async function run(args: string[], options: { cwd: string; env?: Record<string, string> }): Promise<CommandResult> {
  await using command = new CommandProcess(args, options);
  return await command.ended;
}

async function serve(cwd: string, args: string[] = []) {
  const command = new CommandProcess(["serve", "--port", "0", ...args], { cwd, env });
  const [, origin = ""] = await command.printed(listening);
  return { command, origin };
}

async function signIn(origin: string, cwd: string, ...args: string[]) {
  const { stdout } = await run(["token", ...args], { cwd, env });
  return testCaller(`${origin}/api`, async () => stdout.trim());
}

/** What a user is told who can mend it: one line on stderr. */
function oneLine({ stderr }: CommandResult): string {
  expect(stderr).toMatch(/^holdpoint: .+\n$/);
  return stderr;
}

test("serve answers the API, to tokens that the token command prints, and says what it is at its root", async () => {
  await using directory = await emptyDirectory();
  const { command, origin } = await serve(directory.path);
  await using _ = command;
  const front = await fetch(origin);
  expect(front.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await front.text()).toContain("/api/openapi.json");

  const sam = await signIn(origin, directory.path, "--sub", "sam", "--role", "requester");
  const mia = await signIn(origin, directory.path, "--sub", "mia", "--name", "Mia", "--groups", "sales,legal");
  const approval = await sam.request({ title: "Send email", reviewers: { groups: ["legal"] } });
  expect(await mia.approve(approval)).toMatchObject({ status: "approved", outcome: { decidedBy: [{ name: "Mia" }] } });
});

test("SIGTERM lets the step in flight end, closes what is open, and exits with 0; the run goes on after a restart", async () => {
  await using directory = await emptyDirectory();
  const config = ["--config", fileURLToPath(new URL("test-config.ts", import.meta.url))];
  const first = await serve(directory.path, config);
  await using _first = first.command;
  const sam = await signIn(first.origin, directory.path, "--sub", "sam");
  const live = io(first.origin, { path: "/api/live", transports: ["websocket"], reconnection: false });
  const { id } = await sam.startRun({ workflow: "slow", input: {} });
  const waiting = sam.fetch(`/runs/${id}/wait?timeout=60`).catch((error: unknown) => error);
  await first.command.printed(/step begins/);
  first.command.signal("SIGTERM");
  const stopped = await first.command.ended;
  expect(stopped).toMatchObject({ code: 0, stderr: "" });
  expect(stopped.stdout).toContain("step ends");
  await waiting;
  live.close();

  const second = await serve(directory.path, config);
  await using _second = second.command;
  const again = await signIn(second.origin, directory.path, "--sub", "kim", "--role", "admin");
  const approval = await vi.waitUntil(async () => (await again.inbox()).at(0), { timeout: 60_000 });
  await again.approve(approval);
  const ended = await again.get<Run>(`/runs/${id}/wait`);
  expect(ended).toMatchObject({ status: "completed", output: { approved: true } });
  expect(ended.steps?.map(({ name, attempts }) => [name, attempts])).toContainEqual(["work", 1]);
  second.command.signal("SIGINT");
  const end = await second.command.ended;
  expect(end.code).toBe(0);
  expect(end.stdout).not.toContain("step begins");
}, 60_000);

test("a second server on the same SQLite file refuses to start and says why", async () => {
  await using directory = await emptyDirectory();
  const { command } = await serve(directory.path);
  await using _ = command;
  const second = await run(["serve", "--port", "0"], { cwd: directory.path, env });
  expect(second.code).toBe(1);
  expect(oneLine(second)).toMatch(/holdpoint\.db.*in use/);
});

test("a database that can't be reached ends the command with one line that doesn't show the password", async () => {
  await using directory = await emptyDirectory();
  const database = "postgres://holdpoint:hunter2@127.0.0.1:1/holdpoint";
  for (const command of [["serve", "--port", "0"], ["migrate"]]) {
    const result = await run([...command, "--database", database], { cwd: directory.path, env });
    expect(result.code).toBe(1);
    expect(oneLine(result)).toContain("127.0.0.1:1/holdpoint");
    expect(result.stderr).not.toContain("hunter2");
  }
});

test("a port that is in use ends the command with one line, and the database is let go", async () => {
  await using directory = await emptyDirectory();
  const holder = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const port = String((holder.address() as AddressInfo).port);
  const refused = await run(["serve", "--port", port], { cwd: directory.path, env });
  expect(refused.code).toBe(1);
  expect(oneLine(refused)).toContain(`port ${port}`);
  await new Promise((resolve) => holder.close(resolve));
  const { command } = await serve(directory.path);
  await command[Symbol.asyncDispose]();
});

test("migrate makes the schema and can be repeated", async () => {
  await using directory = await emptyDirectory();
  const options = { cwd: directory.path, env: { HOLDPOINT_DATABASE_URL: "sqlite:./approvals.db" } };
  expect(await run(["migrate"], options)).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(join(directory.path, "approvals.db"))).toBe(true);
  expect(await run(["migrate"], options)).toMatchObject({ code: 0, stderr: "" });
});

test("without a secret, or with one that is too short, it says how to make one", async () => {
  await using directory = await emptyDirectory();
  const without = await run(["serve", "--port", "0"], { cwd: directory.path });
  expect(without.code).toBe(1);
  expect(oneLine(without)).toContain("openssl rand");
  const short = await run(["token", "--sub", "ana"], { cwd: directory.path, env: { HOLDPOINT_SECRET: "short" } });
  expect(short.code).toBe(1);
  expect(oneLine(short)).toContain("at least 32");
});

test.each([
  [["frobnicate"], "frobnicate"],
  [["serve", "--prot", "80"], "--prot"],
  [["serve", "--port", "eighty"], "eighty"],
  [["token"], "--sub"],
  [["token", "--sub", "ana", "--role", "god"], "god"],
  [["token", "--sub", "ana", "--expires-in", "soon"], "soon"],
])("the command line %j is refused by what is wrong in it", async (args, wrong) => {
  await using directory = await emptyDirectory();
  const refused = await run(args, { cwd: directory.path, env });
  expect(refused.code).toBe(2);
  expect(oneLine(refused)).toContain(wrong);
});

test("a config file that is missing, broken or empty is named", async () => {
  await using directory = await emptyDirectory();
  await writeFile(join(directory.path, "broken.ts"), "throw new Error('no such luck')");
  await writeFile(join(directory.path, "empty.ts"), "export const nothing = 1;");
  for (const file of ["missing.ts", "broken.ts", "empty.ts"]) {
    const refused = await run(["serve", "--port", "0", "--config", file], { cwd: directory.path, env });
    expect(refused.code).toBe(1);
    expect(oneLine(refused)).toContain(file);
  }
});

test("a policy from a JSON file decides in the server of the command, and a bad one is refused by where it is wrong", async () => {
  await using directory = await emptyDirectory();
  const config = ["--config", fileURLToPath(new URL("test-policy-config.ts", import.meta.url))];
  const policy = (risk: string) =>
    writeFile(
      join(directory.path, "policy.json"),
      `[{ "name": "small refunds", "when": { "action": "refund", "risk": ["${risk}"] }, "then": { "approve": true } }]`,
    );
  await policy("low");
  const { command, origin } = await serve(directory.path, config);
  await using _ = command;
  const sam = await signIn(origin, directory.path, "--sub", "sam", "--role", "requester");
  expect(await sam.request({ title: "Refund", risk: "low", action: { name: "refund", args: {} } })).toMatchObject({
    status: "approved",
    decisions: [{ via: "policy", rule: "small refunds" }],
  });

  await policy("tiny");
  const refused = await run(["serve", "--port", "0", ...config], { cwd: directory.path, env });
  expect(refused.code).toBe(1);
  expect(oneLine(refused)).toContain("policy[0].when.risk: must be");
});

test("pages of the public address may call a server behind a proxy", async () => {
  await using directory = await emptyDirectory();
  const command = new CommandProcess(["serve"], {
    cwd: directory.path,
    env: { ...env, HOLDPOINT_PORT: "0", HOLDPOINT_PUBLIC_URL: "https://approvals.example.com/" },
  });
  await using _ = command;
  const [, origin = ""] = await command.printed(listening);
  const sam = await signIn(origin, directory.path, "--sub", "sam");
  const ask = (from: string) => sam.post<Approval & ErrorBody>("/approvals", { title: "Refund" }, { origin: from });
  expect(await ask("https://approvals.example.com")).toMatchObject({ status: "pending" });
  await expect(ask("https://elsewhere.example.com")).rejects.toMatchObject({ code: "forbidden" });
});

test("notifications link to the pages of the public address", async () => {
  await using directory = await emptyDirectory();
  const command = new CommandProcess(
    ["serve", "--config", fileURLToPath(new URL("test-channel-config.ts", import.meta.url))],
    {
      cwd: directory.path,
      env: { ...env, HOLDPOINT_PORT: "0", HOLDPOINT_PUBLIC_URL: "https://approvals.example.com/" },
    },
  );
  await using _ = command;
  const [, origin = ""] = await command.printed(listening);
  const sam = await signIn(origin, directory.path, "--sub", "sam");
  const { id } = await sam.request({ title: "Refund", channels: ["stdout"] });
  await command.printed(new RegExp(`told https://approvals\\.example\\.com/approvals/${id}$`, "m"));
});
