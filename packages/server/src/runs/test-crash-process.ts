/**
 * A process that crash tests kill: it starts runs, decides what all runs ask, and ends once all have completed. It says
 * on stdout which starts and decisions were acknowledged, and its steps leave a line each in a file, the outside world. It reads
 * its task from stdin, so that it can be loaded before its turn comes.
 */
import { appendFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout as delay } from "node:timers/promises";
import { workflow } from "@holdpoint/core";
import { respond } from "../approvals/respond.ts";
import { createLogTail } from "../live/log-tail.ts";
import { endedStatuses } from "./runs-table.ts";
import { type RunsNode, startNode } from "./test-node.ts";

/** What the process is told, as one line of JSON. */
export interface CrashTask {
  database: string;
  effects: string;
  /** Keys of the runs to start; those that an earlier life started are the same runs. */
  keys: string[];
  leaseMs: number;
  /** How long the first step of each run takes, for a heartbeat to come meanwhile. */
  draftMs?: number;
  /** Which workflow: by default the one of steps and approvals, else the one of events, invocations and notices, or one that kills its process. */
  workflow?: "telling" | "deadly";
  /** By default as often as it takes. */
  maxRecoveries?: number;
  /** Decide nothing before all runs are paused. */
  pauseFirst?: boolean;
  /** Kill yourself when this failpoint, or `acknowledged`, is reached for the nth time. */
  failpoint?: { name: string; nth: number };
}

const ana = { id: "ana", tenantId: "default", groups: [], role: "reviewer" as const };
const bo = { ...ana, id: "bo" };

writeSync(1, "ready\n");
for await (const line of createInterface(process.stdin)) {
  await live(JSON.parse(line) as CrashTask);
  break;
}
process.exit();

async function live(task: CrashTask): Promise<void> {
  let reached = 0;
  const failpoint = (name: string) => {
    if (name === task.failpoint?.name && ++reached === task.failpoint.nth) process.kill(process.pid, "SIGKILL");
  };
  const options = {
    workflows: [bumpy(task), telling(task), child(task), deadly()],
    failpoint,
    leaseMs: task.leaseMs,
    maxRecoveries: task.maxRecoveries ?? Number.POSITIVE_INFINITY,
    pollMs: 200,
  };
  const node = await startNode(task.database, options);
  const log = createLogTail(node.ctx);
  log.start();
  // Where a server would emit to its sockets.
  await log.subscribe("default", () => failpoint("before-emit"));
  const start = async (key: string) => {
    const { id } = await node.runs.start(ana, { workflow: task.workflow ?? "bumpy", input: null, key });
    writeSync(1, `${id}\n`);
    if (task.workflow === "telling") await send(node, { name: "early", runId: id }, failpoint);
  };
  await Promise.all(task.keys.map(start));
  if (task.pauseFirst) while (await anyRun(node, ["queued", "running"])) await delay(10);
  while (await anyRun(node)) {
    await Promise.all((await pending(node)).map((id) => approve(node, id, failpoint)));
    await Promise.all((await awaited(node)).map((event) => send(node, event, failpoint)));
    await delay(5);
  }
  await log.stop();
  await node.stop();
}

/** Every kind of step, wait and race that a kill could come between. */
function bumpy(task: CrashTask) {
  return workflow("bumpy", { version: 1 }, async (run) => {
    const effect = (step: string) => {
      appendFileSync(task.effects, `${run.id} ${step}\n`);
      return step;
    };
    await run.step("draft", async () => {
      await delay(task.draftMs ?? 0);
      return effect("draft");
    });
    const [review] = await Promise.all([
      run.approval("send", { title: "Send?" }),
      run.approval("bill", { title: "Bill?" }),
      run.sleep("pause", "1ms"),
    ]);
    await run.race({
      opinion: (branch) => branch.approval("opinion", { title: "Any opinion?" }),
      patience: (branch) => branch.sleep("patience", "1ms"),
    });
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
}

/** What goes on with events, with the end of another run, and without waiting for those it tells. */
function telling(task: CrashTask) {
  return workflow("telling", { version: 1 }, async (run) => {
    await run.notify("soon", { message: "Soon", destination: { type: "email", email: "ana@example.com" } });
    const match = { "data.runId": run.id };
    const [go, output] = await Promise.all([
      run.waitForEvent("go", { event: "go", match }),
      run.invoke<null, string>("child", "child", { input: null }),
    ]);
    const early = await run.waitForEvent("early", { event: "early", match });
    await run.step("file", () => appendFileSync(task.effects, `${run.id} file\n`));
    return [go?.id ?? "none", output, early?.id ?? "none"];
  });
}

/** Kills its process as soon as it shows as running. */
function deadly() {
  return workflow("deadly", { version: 1 }, async (run) => {
    await run.step("kill", async () => {
      await delay(400);
      process.kill(process.pid, "SIGKILL");
    });
  });
}

function child(task: CrashTask) {
  return workflow("child", { version: 1 }, async (run) => {
    await run.step("work", () => appendFileSync(task.effects, `${run.id} work\n`));
    const event = await run.waitForEvent("go", { event: "go", match: { "data.runId": run.id } });
    return event?.id ?? "none";
  });
}

/** Whether there is a run in one of the statuses, or one that has not ended. */
async function anyRun({ store }: RunsNode, statuses?: readonly string[]): Promise<boolean> {
  const runs = store.reader.selectFrom("runs").select("id").limit(1);
  const open = statuses ? runs.where("status", "in", statuses) : runs.where("status", "not in", endedStatuses);
  return (await open.executeTakeFirst()) !== undefined;
}

async function pending({ store }: RunsNode): Promise<string[]> {
  const rows = await store.reader.selectFrom("approvals").select("id").where("status", "=", "pending").execute();
  return rows.map(({ id }) => id);
}

/** Another process, this one in an earlier life, or the race may have ended it already. */
async function approve(node: RunsNode, approvalId: string, failpoint: (name: string) => void): Promise<void> {
  try {
    await respond(node.ctx, bo, approvalId, { approved: true });
    writeSync(1, `${approvalId}\n`);
    failpoint("acknowledged");
  } catch (error) {
    if ((error as { code?: string }).code !== "already_resolved") throw error;
  }
}

/** An event for one run, whose id is the same in every life. */
interface RunsEvent {
  name: string;
  runId: string;
}

async function awaited({ store }: RunsNode): Promise<RunsEvent[]> {
  const rows = await store.reader.selectFrom("event_waits").select(["name", "run_id"]).execute();
  return rows.map(({ name, run_id }) => ({ name, runId: run_id }));
}

async function send(node: RunsNode, { name, runId }: RunsEvent, failpoint: (name: string) => void): Promise<void> {
  const { event, created } = await node.runs.send(ana, { name, data: { runId }, id: `${name}-${runId}` });
  if (!created) return;
  writeSync(1, `${event.id}\n`);
  failpoint("acknowledged");
}
