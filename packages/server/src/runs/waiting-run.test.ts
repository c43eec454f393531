import { setTimeout as sleep } from "node:timers/promises";
import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { RunReader } from "./run-reader.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

const twoGates = workflow("two gates", { version: 1 }, async (run) => {
  const reviews = await Promise.all(["first", "second"].map((name) => run.approval(name, { title: `${name}?` })));
  return reviews.map(({ status }) => status);
});

const isAsked = ({ status, steps = [] }: Run) => status === "waiting" && steps.length === 2;

/** Whether one of the gates is settled, and the run waits at the other. */
const isHalfDecided = (run: Run) => isAsked(run) && run.steps?.some(({ status }) => status === "completed") === true;

/** Watches how workers read runs. */
function watchReads() {
  const read = vi.spyOn(RunReader.prototype, "run");
  onTestFinished(() => read.mockRestore());
  return read;
}

describe.each(testDatabases.filter(({ engine }) => engine === "sqlite"))("a waiting run on $name", (kind) => {
  test("isn't read again when it is decided in the process that it waits in", async () => {
    const read = watchReads();
    await using node = await startTestNode({ workflows: [twoGates] }, kind);
    const run = await reaches(node, await node.runs.start(ana, { workflow: "two gates", input: null }), isAsked);
    await eventually(async () => read.mock.settledResults.some(({ type }) => type === "fulfilled"));
    read.mockClear();
    await decide(node, run, "first", { approved: true });
    const half = await reaches(node, run, isHalfDecided);
    await eventually(async () => read.mock.settledResults.length === 1);
    await decide(node, half, "second", { approved: false, reason: "No." });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ output: ["approved", "rejected"] });
    // When it began to wait for the second time.
    expect(read).toHaveBeenCalledTimes(1);
  });

  test("has all outcomes of gates that are decided together", async () => {
    const read = watchReads();
    await using node = await startTestNode({ workflows: [twoGates] }, kind);
    const run = await reaches(node, await node.runs.start(ana, { workflow: "two gates", input: null }), isAsked);
    await eventually(async () => read.mock.settledResults.some(({ type }) => type === "fulfilled"));
    await Promise.all([
      decide(node, run, "first", { approved: true }),
      decide(node, run, "second", { approved: true }),
    ]);
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ output: ["approved", "approved"] });
  });

  test.each([
    ["two gates", 1],
    ["invokes it", 2],
  ])("that is cancelled isn't taken up by the withdrawal of its gates (%s)", async (started, runs) => {
    let takenUp = 0;
    const failpoint = (name: string) => {
      if (name === "after-claim") takenUp += 1;
    };
    const invokes = workflow("invokes it", { version: 1 }, (run) => run.invoke("child", "two gates", { input: null }));
    const read = watchReads();
    await using node = await startTestNode({ workflows: [twoGates, invokes], failpoint }, kind);
    const run = await node.runs.start(ana, { workflow: started, input: null });
    await eventually(async () => read.mock.settledResults.filter(({ type }) => type === "fulfilled").length === runs);
    await node.runs.cancel(ana, run.id);
    // Time enough for another pass through the handler.
    await sleep(100);
    expect(takenUp).toBe(runs);
  });

  test("that an event has queued is executed once, whatever else it is given", async () => {
    let effects = 0;
    const busy = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const asks = workflow("asks", { version: 1 }, async (run) => {
      const paid = run.waitForEvent("paid", { event: "paid" });
      const { status } = await run.approval("send", { title: "Send?" });
      await run.step("effect", () => {
        effects += 1;
      });
      return [status, (await paid)?.name];
    });
    const works = workflow("works", { version: 1 }, async (run, i: number) => {
      await run.step("work", () => busy[i]?.promise);
    });
    const read = watchReads();
    await using node = await startTestNode({ workflows: [asks, works], concurrency: 1, pollMs: 3_600_000 }, kind);
    const run = await reaches(node, await node.runs.start(ana, { workflow: "asks", input: null }), isAsked);
    await eventually(async () => read.mock.settledResults.some(({ type }) => type === "fulfilled"));
    const first = await node.runs.start(ana, { workflow: "works", input: 0 });
    await node.runs.start(ana, { workflow: "works", input: 1 });
    await node.runs.send(ana, { name: "paid" });
    expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "queued" });
    busy[0]?.resolve();
    await node.runs.wait(ana, first.id);
    await decide(node, run, "send", { approved: true });
    busy[1]?.resolve();
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ output: ["approved", "paid"] });
    expect(effects).toBe(1);
  });

  test("that was decided while it was read goes on from there", async () => {
    const held = Promise.withResolvers<void>();
    let wasRead = false;
    const { run: reading } = RunReader.prototype;
    watchReads().mockImplementationOnce(async function (this: RunReader, runId) {
      const found = await reading.call(this, runId);
      wasRead = true;
      await held.promise;
      return found;
    });
    await using node = await startTestNode({ workflows: [twoGates] }, kind);
    const run = await reaches(node, await node.runs.start(ana, { workflow: "two gates", input: null }), isAsked);
    await eventually(async () => wasRead);
    await decide(node, run, "first", { approved: true });
    const half = await reaches(node, run, isHalfDecided);
    held.resolve();
    await decide(node, half, "second", { approved: true });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ output: ["approved", "approved"] });
  });
});
