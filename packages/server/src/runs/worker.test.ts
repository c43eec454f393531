import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

describe.each(sharedTestDatabases)("two workers on $name", (kind) => {
  test("every run advances once, whichever node is told", async () => {
    const effects = new Map<string, number>();
    const executedBy = new Set<string>();
    const define = (node: string) =>
      workflow("shared", { version: 1 }, async (run) => {
        const effect = (step: string) => () => {
          executedBy.add(node);
          const id = `${run.id} ${step}`;
          effects.set(id, (effects.get(id) ?? 0) + 1);
        };
        await run.step("draft", effect("draft"));
        await Promise.all([run.approval("one", { title: "One?" }), run.approval("two", { title: "Two?" })]);
        await run.sleep("pause", "1ms");
        await run.step("send", effect("send"));
      });
    await using database = await kind.create();
    const one = await startNode(database.location(), { workflows: [define("one")], pollMs: 100 });
    const two = await startNode(database.location(), { workflows: [define("two")], pollMs: 100 });
    const nodeOf = (n: number): RunsNode => (n % 2 === 0 ? one : two);
    const runs = await Promise.all(
      Array.from({ length: 30 }, (_, n) => nodeOf(n).runs.start(ana, { workflow: "shared", input: n })),
    );
    await Promise.all(
      runs.map(async (run, n) => {
        const waiting = await reaches(nodeOf(n), run, "waiting");
        await Promise.all([
          decide(nodeOf(n), waiting, "one", { approved: true }),
          decide(nodeOf(n + 1), waiting, "two", { approved: true }),
        ]);
        await reaches(nodeOf(n), run, "completed");
      }),
    );
    expect(effects.size).toBe(60);
    expect([...effects.values()].every((count) => count === 1)).toBe(true);
    expect(executedBy).toEqual(new Set(["one", "two"]));
    await one.stop();
    await two.stop();
  });

  test("the runs of a worker that is gone go on elsewhere once its lease has run out", async () => {
    const never = Promise.withResolvers<string>();
    let stuck = true;
    const slow = workflow("slow", { version: 1 }, async (run) =>
      run.step("work", () => (stuck ? never.promise : "done")),
    );
    await using database = await kind.create();
    const gone = await startNode(database.location(), { workflows: [slow], leaseMs: 500, pollMs: 50 });
    const run = await gone.runs.start(ana, { workflow: "slow", input: null });
    await reaches(gone, run, ({ steps }) => steps?.[0]?.status === "running");
    await gone.crash();
    stuck = false;
    const other = await startNode(database.location(), { workflows: [slow], leaseMs: 500, pollMs: 50 });
    expect(await reaches(other, run, "completed")).toMatchObject({ output: "done", steps: [{ attempts: 2 }] });
    await other.stop();
  });

  test("a step that outlives its lease keeps its run, thanks to the heartbeat", async () => {
    const finish = Promise.withResolvers<string>();
    let calls = 0;
    let beats = 0;
    const slow = workflow("slow", { version: 1 }, async (run) =>
      run.step("work", () => {
        calls += 1;
        return finish.promise;
      }),
    );
    const failpoint = (name: string) => {
      if (name === "before-heartbeat" && ++beats === 5) finish.resolve("done");
    };
    await using database = await kind.create();
    const options = { workflows: [slow], leaseMs: 1_500, pollMs: 50 };
    const beating = await startNode(database.location(), { ...options, failpoint });
    const other = await startNode(database.location(), options);
    const run = await beating.runs.start(ana, { workflow: "slow", input: null });
    expect(await reaches(beating, run, "completed")).toMatchObject({ output: "done" });
    expect(calls).toBe(1);
    await beating.stop();
    await other.stop();
  });

  test("what one node decides or cancels reaches a run that executes on the other", async () => {
    const told = Promise.withResolvers<void>();
    const effects: string[] = [];
    const busy = workflow("busy", { version: 1 }, async (run) => {
      const slow = run.step(
        "slow",
        ({ signal }) => new Promise<void>(() => signal.addEventListener("abort", () => told.resolve())),
      );
      const { status } = await run.approval("ask", { title: "?" });
      await run.step("after", () => effects.push(status));
      await slow;
    });
    await using database = await kind.create();
    const one = await startNode(database.location(), { workflows: [busy], leaseMs: 3_000 });
    const two = await startNode(database.location(), { workflows: [], leaseMs: 3_000 });
    const run = await one.runs.start(ana, { workflow: "busy", input: null });
    const asking = await reaches(two, run, ({ steps }) => steps?.some((step) => step.status === "waiting") ?? false);
    await decide(two, asking, "ask", { approved: true });
    await eventually(async () => effects.length === 1);
    await two.runs.cancel(ana, run.id);
    await told.promise;
    await one.stop();
    await two.stop();
  });

  test("a worker that lost its lease records nothing any more", async () => {
    const clock = createTestClock();
    const outputs = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let calls = 0;
    const slow = workflow("slow", { version: 1 }, async (run) => run.step("work", () => outputs[calls++]?.promise));
    await using database = await kind.create();
    const late = await startNode(database.location(), { workflows: [slow], clock });
    const run = await late.runs.start(ana, { workflow: "slow", input: null });
    await eventually(async () => calls === 1);
    // The other node's clock is an hour ahead: to it, the lease has run out.
    const ahead = createTestClock("2026-01-01T01:00:00.000Z");
    const other = await startNode(database.location(), { workflows: [slow], clock: ahead });
    await eventually(async () => calls === 2);
    outputs[0]?.resolve("from the late one");
    await late.stop();
    expect(await other.runs.get(ana, run.id)).toMatchObject({ status: "running", steps: [] });
    outputs[1]?.resolve("from the other");
    expect(await reaches(other, run, "completed")).toMatchObject({ output: "from the other" });
    await other.stop();
  });
});

test("on the same file, what a killed process left is taken up at once, however long its lease", async () => {
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  const never = new Promise<string>(() => undefined);
  let stuck = true;
  const slow = workflow("slow", { version: 1 }, async (run) => run.step("work", () => (stuck ? never : "done")));
  const clock = createTestClock();
  const killed = await startNode(location(), { workflows: [slow], clock, leaseMs: 3_600_000 });
  const run = await killed.runs.start(ana, { workflow: "slow", input: null });
  expect(run.status).toBe("running");
  await killed.crash();
  stuck = false;
  const restarted = await startNode(location(), { workflows: [slow], clock, leaseMs: 3_600_000 });
  expect(await reaches(restarted, run, "completed")).toMatchObject({ output: "done" });
  await restarted.stop();
});

test("no more runs than the limit have their handlers in memory, and the others follow", async () => {
  let atOnce = 0;
  let most = 0;
  const busy = workflow("busy", { version: 1 }, async (run) => {
    most = Math.max(most, ++atOnce);
    await run.step("work", () => new Promise((resolve) => setImmediate(resolve)).then(() => undefined));
    atOnce -= 1;
  });
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [busy], concurrency: 3, clock });
  const runs = await Promise.all(
    Array.from({ length: 50 }, () => node.runs.start(ana, { workflow: "busy", input: 0 })),
  );
  for (const run of runs) await reaches(node, run, "completed");
  expect(most).toBe(3);
});

test("a server without a worker leaves runs to others", async () => {
  await using node = await startTestNode({
    workflows: [workflow("mail", { version: 1 }, async () => 1)],
    concurrency: 0,
  });
  expect(await node.runs.start(ana, { workflow: "mail", input: null })).toMatchObject({ status: "queued" });
});

describe("stopping", () => {
  test("a step in flight is finished, and its run goes on after the restart", async () => {
    const finish = Promise.withResolvers<string>();
    const effects: string[] = [];
    const slow = workflow("slow", { version: 1 }, async (run) => {
      await run.step("first", () => finish.promise);
      await run.step("second", () => void effects.push("second"));
    });
    await restarting([slow], async (node) => {
      const run = await startedStep(node);
      const stopped = node.runs.stopWorker({ deadlineMs: 60_000 });
      finish.resolve("first");
      await stopped;
      expect(effects).toEqual([]);
      return run;
    });
    expect(effects).toEqual(["second"]);
  });

  test("a step that doesn't end in time is told by its signal, and is made again after the restart", async () => {
    let calls = 0;
    const stubborn = workflow("slow", { version: 1 }, async (run) =>
      run.step("work", ({ signal }) => {
        calls += 1;
        if (calls > 1) return "done";
        return new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }),
    );
    const ended = await restarting([stubborn], async (node) => {
      const run = await startedStep(node);
      await node.runs.stopWorker({ deadlineMs: 300 });
      return run;
    });
    expect(ended).toMatchObject({ output: "done", steps: [{ status: "completed", output: "done" }] });
    expect(calls).toBe(2);
  });

  test("a step that ignores its signal doesn't keep the server from stopping", async () => {
    let calls = 0;
    const deaf = workflow("slow", { version: 1 }, async (run) => {
      await run.step("work", () => (++calls > 1 ? undefined : new Promise<void>(() => undefined)));
    });
    await restarting([deaf], async (node) => {
      const run = await startedStep(node);
      await node.runs.stopWorker({ deadlineMs: 100 });
      return run;
    });
    expect(calls).toBe(2);
  });
});

async function startedStep(node: RunsNode): Promise<Run> {
  const run = await node.runs.start(ana, { workflow: "slow", input: null });
  return reaches(node, run, ({ steps }) => steps?.some((step) => step.status === "running") ?? false);
}

/** Stops a node in the middle of a run, and sees the run through on the next one. */
async function restarting(
  workflows: Parameters<typeof startNode>[1]["workflows"],
  stop: (node: RunsNode) => Promise<Run>,
) {
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  const before = await startNode(location(), { workflows });
  const run = await stop(before);
  expect(await before.runs.get(ana, run.id)).toMatchObject({ status: "queued" });
  await before.stop();
  const after = await startNode(location(), { workflows, leaseMs: 3_600_000 });
  const ended = await reaches(after, run, "completed");
  await after.stop();
  return ended;
}
