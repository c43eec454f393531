import { workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { startRun } from "./start-run.ts";
import { ana, eventually, startTestNode } from "./test-runs.ts";
import { Worker } from "./worker.ts";
import { workflowsOf } from "./workflows.ts";

test("a run that one commit both claims and rouses, so that its worker is told twice, executes once", async () => {
  let calls = 0;
  const finish = Promise.withResolvers<string>();
  const once = workflow("once", { version: 1 }, async (run) => {
    calls += 1;
    return run.step("work", () => finish.promise);
  });
  const workflows = workflowsOf([once]);
  await using node = await startTestNode({ workflows: [once], concurrency: 0 });
  const ended = Promise.withResolvers<string>();
  const worker = new Worker(node.ctx, {
    workflows,
    concurrency: 10,
    leaseMs: 10_000,
    pollMs: 1_000,
    handlerStallMs: 300_000,
    maxRecoveries: 100,
    wakeBy: () => undefined,
    random: () => 0,
    ended: ended.resolve,
  });
  await worker.start();
  const owned = { owner: ana };
  const { run } = await startRun({ ctx: node.ctx, workflows, worker }, ana, { workflow: "once", input: null }, owned);
  worker.roused(run);
  worker.roused(run);
  await eventually(async () => calls > 0);
  finish.resolve("done");
  await ended.promise;
  await worker.stop({ deadlineMs: 1_000 });
  expect(calls).toBe(1);
  expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "completed", output: "done" });
});
