import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { type NodeOptions, type RunsNode, startNode } from "./test-node.ts";
import { ana, gateOf, reaches } from "./test-runs.ts";

/** A child that asks while a step of it executes, and who invokes it; the step ends once `broken` is false. */
function family() {
  const work = { broken: true, attempts: [] as number[] };
  const never = Promise.withResolvers<void>();
  const child = workflow("child", { version: 1 }, async (run) => {
    await run.step("before", () => undefined);
    const ask = run.approval("ask", { title: "Ask?" });
    await run.step("work", ({ attempt }) => {
      work.attempts.push(attempt);
      return work.broken ? never.promise : undefined;
    });
    void ask;
    return "worked";
  });
  const parent = workflow("parent", { version: 1 }, (run) =>
    run.invoke("child", child, { input: null }).catch((error) => String(error.message)),
  );
  return { work, workflows: [child, parent] };
}

/** Waits until a child's step shows as running, while it asks. */
function executes(node: RunsNode, child: Run): Promise<Run> {
  return reaches(node, child, ({ steps = [] }) => {
    const asked = steps.some(({ name, approvalId }) => name === "ask" && approvalId !== undefined);
    return asked && steps.some(({ name, status }) => name === "work" && status === "running");
  });
}

describe.each(testDatabases)("runs whose process ends again and again on $name", (kind) => {
  const pace = { leaseMs: 300, pollMs: 50, maxRecoveries: 1 } satisfies Partial<NodeOptions>;

  test("fail once it is too often, with what they ask withdrawn and their parents told, and can be retried", async () => {
    const { work, workflows } = family();
    await using database = await kind.create();
    const start = () => startNode(database.location(), { workflows, ...pace });
    let node = await start();
    const run = await node.runs.start(ana, { workflow: "parent", input: null });
    const { steps } = await reaches(node, run, ({ steps }) => steps?.[0]?.childRunId !== undefined);
    const below = await node.runs.get(ana, steps?.[0]?.childRunId ?? "");
    await executes(node, below);
    await node.crash();
    node = await start();
    const { approvalId } = gateOf(await executes(node, below), "ask");
    await reaches(node, below, () => work.attempts.length === 2);
    await node.crash();
    node = await start();
    const message =
      'The process that executed the run has ended 2 times without the run getting any further. It was executing "work". Look for what ends the process (a crash, process.exit, memory), then retry the run.';
    const lost = await reaches(node, below, "failed");
    expect(lost).toMatchObject({ error: { name: "RunLostError", message, steps: ["work"] } });
    expect(work.attempts.length).toBe(2);
    expect(await getApproval(node.store.reader, "default", approvalId)).toMatchObject({ status: "cancelled" });
    const told = expect.stringContaining(message);
    expect(await reaches(node, run, "completed")).toMatchObject({ output: told });
    work.broken = false;
    await node.runs.retry(ana, below.id);
    expect(await reaches(node, below, "completed")).toMatchObject({ output: "worked" });
    expect(work.attempts.at(-1)).toBe(1);
    await node.stop();
  });

  test("go on while they get on, or are given back", async () => {
    const { work, workflows } = family();
    await using database = await kind.create();
    const start = (maxRecoveries: number) => startNode(database.location(), { workflows, ...pace, maxRecoveries });
    let node = await start(0);
    const run = await node.runs.start(ana, { workflow: "child", input: null });
    await executes(node, run);
    await node.runs.stopWorker({ deadlineMs: 50 });
    await node.stop();
    node = await start(0);
    await reaches(node, run, () => work.attempts.length === 2);
    await node.crash();
    work.broken = false;
    node = await start(1);
    expect(await reaches(node, run, "completed")).toMatchObject({ output: "worked" });
    const { recoveries } = await node.store.reader.selectFrom("runs").select("recoveries").executeTakeFirstOrThrow();
    expect(Number(recoveries)).toBe(0);
    await node.stop();
  });
});
