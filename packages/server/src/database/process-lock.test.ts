import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../store/open-store.ts";

const holder = fileURLToPath(new URL("test-lock-holder.ts", import.meta.url));

async function temporaryUrl(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return `sqlite:${directory}/test.db`;
}

/** A process that opens the database, and the first thing that it says. */
async function start(url: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["--conditions=@holdpoint/source", holder, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [chunk] = await once(child.stdout, "data");
  return { child, said: String(chunk).trim() };
}

test("a second process is refused, in one line that names the first", async () => {
  const url = await temporaryUrl();
  const first = await start(url);
  expect(first.said).toBe("open");
  const second = await start(url);
  expect(second.said).toMatch(
    new RegExp(`test\\.db is already in use by process ${first.child.pid} on ${hostname()}\\.`),
  );
  expect(second.said).not.toContain("\n");
});

test("a process that was killed doesn't stand in the way of the next", async () => {
  const url = await temporaryUrl();
  const { child } = await start(url);
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  const next = await start(url);
  expect(next.said).toBe("open");
});

test("a second store in one process is refused until the first is closed", async () => {
  const database = await temporaryUrl();
  const first = await openStore({ database });
  await expect(openStore({ database })).rejects.toThrow(`in use by process ${process.pid}`);
  await first.close();
  const second = await openStore({ database });
  await second.close();
});
