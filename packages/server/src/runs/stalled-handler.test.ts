import { type RunContext, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createTestClock, type TestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, eventually, reaches, startTestNode } from "./test-runs.ts";

const never = new Promise<never>(() => undefined);
const good = workflow("good", { version: 1 }, async () => "fine");

test.each([
  ["before its first call", async () => never],
  ["after a step", (run: RunContext) => run.step("work", () => 1).then(() => never)],
  ["after an entry in the log", async (run: RunContext) => run.log("Off I go") ?? never],
])("a handler that never returns, stuck %s, fails its run and gives its place to others", async (_when, handler) => {
  const clock = createTestClock();
  const stuck = workflow("stuck", { version: 1 }, handler);
  await using node = await startTestNode({ workflows: [stuck, good], clock, concurrency: 1, handlerStallMs: 60_000 });
  const run = await node.runs.start(ana, { workflow: "stuck", input: null });
  const next = await node.runs.start(ana, { workflow: "good", input: null });
  const failed = await passing(clock, 1_000, () => reaches(node, run, "failed"));
  expect(failed.error).toMatchObject({
    name: "HandlerStalledError",
    message: expect.stringMatching(/^The handler has awaited something outside the run context for 60 s.*run\.step/),
  });
  expect(await passing(clock, 1_000, () => reaches(node, next, "completed"))).toMatchObject({ output: "fine" });
});

test("a slow but honest handler is not hit: not between its calls, and not while a step takes its time", async () => {
  const clock = createTestClock();
  const turns = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  let at = -1;
  const turn = async () => {
    at += 1;
    await turns[at]?.promise;
  };
  const slow = workflow("slow", { version: 1 }, async (run) => {
    await turn();
    await run.step("one", () => 1);
    await turn();
    await run.step("two", turn);
    await turn();
    return "done";
  });
  await using node = await startTestNode({ workflows: [slow], clock, handlerStallMs: 60_000 });
  const run = await node.runs.start(ana, { workflow: "slow", input: null });
  for (const [i, { resolve }] of turns.entries()) {
    await eventually(async () => at === i);
    // A step may take any time; what the handler does by itself stays just within the limit, every time.
    await looks(node, clock, i === 2 ? 200 : 59);
    resolve();
  }
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "done" });
});

/** Lets a second pass again and again until something has happened. */
async function passing<T>(clock: TestClock, ms: number, happens: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => clock.advance(ms), 2);
  try {
    return await happens();
  } finally {
    clearInterval(timer);
  }
}

/** Lets seconds pass one by one; the worker looks around in each. */
async function looks({ store }: RunsNode, clock: TestClock, seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    clock.advance(1_000);
    await store.ping();
  }
}
