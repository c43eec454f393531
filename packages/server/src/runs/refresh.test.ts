import { type Run, type RunContext, type StepOptions, workflow } from "@holdpoint/core";
import type { KyselyPlugin, QueryResult, UnknownRow } from "kysely";
import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

/** Holds what is read until it is let through, so that other things happen between a read and what follows from it. */
class HeldReads implements KyselyPlugin, Disposable {
  holding = false;
  readonly #held: (() => void)[] = [];

  get count(): number {
    return this.#held.length;
  }

  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    return node;
  }

  async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
    if (this.holding) await new Promise<void>((resolve) => this.#held.push(resolve));
    return result;
  }

  /** Holds nothing any more. */
  [Symbol.dispose](): void {
    this.holding = false;
    for (const letThrough of this.#held.splice(0)) letThrough();
  }

  /** Lets the oldest one through, and everything that follows from it without reading more. */
  async letOneThrough(): Promise<void> {
    this.#held.shift()?.();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A step that shows when it is called, and ends when it is told to. */
function controlled() {
  const calls: PromiseWithResolvers<string>[] = [];
  const call = () => {
    const ending = Promise.withResolvers<string>();
    calls.push(ending);
    return ending.promise;
  };
  const endAll = () => {
    for (const { resolve } of calls) resolve("done");
  };
  return { calls, call, endAll };
}

/** A step and a gate at once. */
function beside(call: () => Promise<string>, options?: StepOptions) {
  return workflow("beside", { version: 1 }, async (run: RunContext) => {
    const [work, review] = await Promise.all([
      run.step("work", call, options),
      run.approval("ask", { title: "Go on?" }),
    ]);
    return [work, review.status];
  });
}

/** Starts a run and waits until it asks while its step executes. */
async function startAsking(node: RunsNode, calls: readonly unknown[]): Promise<Run> {
  const run = await node.runs.start(ana, { workflow: "beside", input: null });
  await eventually(async () => calls.length === 1);
  return reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "ask") ?? false);
}

test("news that was read before the run began to wait starts no attempt afterwards", async () => {
  const reads = new HeldReads();
  const clock = createTestClock();
  const { calls, call, endAll } = controlled();
  const suspending = Promise.withResolvers<void>();
  const suspend = Promise.withResolvers<void>();
  const failpoint = (name: string) => {
    if (name !== "before-suspend") return undefined;
    suspending.resolve();
    return suspend.promise;
  };
  const workflows = [beside(call, { backoff: "1h" })];
  await using node = await startTestNode({ workflows, clock, reading: reads, failpoint });
  using held = new DisposableStack();
  held.use(reads);
  held.defer(suspend.resolve);
  held.defer(endAll);
  const run = await startAsking(node, calls);
  reads.holding = true;
  await decide(node, run, "ask", { approved: true });
  await eventually(async () => reads.count === 1);
  calls[0]?.reject(new Error("Busy"));
  await suspending.promise;
  // The retry is due by now; it is the next pass that makes it.
  clock.advance(3_600_000);
  reads.holding = false;
  await reads.letOneThrough();
  expect(calls.length).toBe(1);
  suspend.resolve();
  await eventually(async () => calls.length === 2);
  calls[1]?.resolve("done");
  expect(await reaches(node, run, "completed")).toMatchObject({ output: ["done", "approved"] });
  expect(calls.length).toBe(2);
});

test("news that was read before a step ended doesn't have it attempted again", async () => {
  const reads = new HeldReads();
  const { calls, call, endAll } = controlled();
  const workflows = [beside(call)];
  await using node = await startTestNode({ workflows, clock: createTestClock(), reading: reads });
  using held = new DisposableStack();
  held.use(reads);
  held.defer(endAll);
  const run = await startAsking(node, calls);
  reads.holding = true;
  await decide(node, run, "ask", { approved: true });
  await eventually(async () => reads.count === 1);
  // It takes the second place, so that what came first is read before it is handed out.
  calls[0]?.resolve("done");
  await eventually(async () => reads.count === 2);
  await reads.letOneThrough();
  expect(calls.length).toBe(1);
  reads.holding = false;
  await reads.letOneThrough();
  expect(await reaches(node, run, "completed")).toMatchObject({ output: ["done", "approved"] });
  expect(calls.length).toBe(1);
});
