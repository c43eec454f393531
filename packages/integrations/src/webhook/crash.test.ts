import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import type { KilledServerTask } from "./test-killed-server.ts";
import { startReceiver } from "./test-receiver.ts";

const program = fileURLToPath(new URL("test-killed-server.ts", import.meta.url));

function run(task: KilledServerTask) {
  const args = ["--conditions=@holdpoint/source", program, JSON.stringify(task)];
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
}

// Commits: the request, the decision, the claim, the record.
test.each([
  ["between the decision's commit and the send", { name: "after-commit", nth: 2 }, 1],
  ["between the claim and the send", { name: "after-delivery-claim", nth: 1 }, 1],
  ["between the send and its record", { name: "after-delivery-sent", nth: 1 }, 2],
])("a process killed %s resumes the receiver once, by its next life", async (_place, failpoint, messages) => {
  await using receiver = await startReceiver();
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  const task = { database: `sqlite:${join(directory, "test.db")}`, url: receiver.url };
  const [, signal] = await once(run({ ...task, failpoint }), "exit");
  expect(signal).toBe("SIGKILL");
  const next = run(task);
  await vi.waitFor(() => expect(receiver.messages).toHaveLength(messages), { timeout: 60_000 });
  expect(new Set(receiver.messages.map(({ id }) => id)).size).toBe(1);
  expect(receiver.effects).toMatchObject([{ data: { key: "refund-7", outcome: { status: "approved" } } }]);
  next.kill("SIGKILL");
  await once(next, "exit");
  await rm(directory, { recursive: true, force: true });
});
