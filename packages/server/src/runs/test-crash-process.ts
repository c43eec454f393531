/**
 * A process that crash tests kill: it starts runs, decides what they ask, and ends once all have completed. It says on
 * stdout which decisions were acknowledged, and its steps leave a line each in a file, the outside world.
 */
import { appendFileSync, writeSync } from "node:fs";
import { workflow } from "@holdpoint/core";
import { respond } from "../approvals/respond.ts";
import { startNode } from "./test-node.ts";

/** What the process is told, as JSON in its only argument. */
export interface CrashTask {
  database: string;
  effects: string;
  runs: number;
  leaseMs: number;
  /** Decide nothing before all runs are paused. */
  pauseFirst?: boolean;
  /** Kill yourself when this failpoint, or `acknowledged`, is reached for the nth time. */
  failpoint?: { name: string; nth: number };
}

const task = JSON.parse(process.argv[2] ?? "{}") as CrashTask;
const ana = { id: "ana", tenantId: "default", groups: [], role: "reviewer" as const };
const bo = { ...ana, id: "bo" };

const bumpy = workflow("bumpy", { version: 1 }, async (run) => {
  const effect = (step: string) => {
    appendFileSync(task.effects, `${run.id} ${step}\n`);
    return step;
  };
  await run.step("draft", () => effect("draft"));
  const [review] = await Promise.all([
    run.approval("send", { title: "Send?" }),
    run.approval("bill", { title: "Bill?" }),
    run.sleep("pause", "1ms"),
  ]);
  await run.step(
    "mail",
    ({ attempt }) => {
      if (attempt === 1) throw new Error("Busy");
      return effect("mail");
    },
    { backoff: "1ms", retries: 100 },
  );
  await Promise.all([run.step("file", () => effect("file")), run.step("tell", () => effect("tell"))]);
  return review.status;
});

let reached = 0;
const failpoint = (name: string) => {
  if (name === task.failpoint?.name && ++reached === task.failpoint.nth) process.kill(process.pid, "SIGKILL");
};

const node = await startNode(task.database, { workflows: [bumpy], failpoint, leaseMs: task.leaseMs, pollMs: 200 });
const started = await Promise.all(
  Array.from({ length: task.runs }, (_, n) =>
    node.runs.start(ana, { workflow: "bumpy", input: null, key: `run-${n}` }),
  ),
);
// What the server's listening socket would do.
const alive = setInterval(() => undefined, 60_000);
if (task.pauseFirst) await Promise.all(started.map(({ id }) => paused(id)));
await Promise.all(started.map(({ id }) => seeThrough(id)));
await node.stop();
clearInterval(alive);

async function paused(id: string): Promise<void> {
  while ((await node.runs.get(ana, id)).status !== "waiting") await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Decides whatever the run asks until it has completed. */
async function seeThrough(id: string): Promise<void> {
  for (;;) {
    const run = await node.runs.wait(ana, id, { timeout: 0.02 });
    if (run.status === "completed") return;
    for (const { status, approvalId } of run.steps ?? []) {
      if (status === "waiting" && approvalId !== undefined) await approve(approvalId);
    }
  }
}

/** Another process, or this one in an earlier life, may have decided already. */
async function approve(approvalId: string): Promise<void> {
  try {
    await respond(node.ctx, bo, approvalId, { approved: true });
    writeSync(1, `${approvalId}\n`);
    failpoint("acknowledged");
  } catch (error) {
    if ((error as { code?: string }).code !== "already_resolved") throw error;
  }
}
