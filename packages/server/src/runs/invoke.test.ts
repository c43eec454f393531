import { durationMs, type Run, StepError, workflow } from "@holdpoint/core";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { lockHead } from "../store/log-heads.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

const double = workflow("double", { version: 1 }, async (_run, input: { n: number }) => input.n * 2);
const doubleBetter = workflow("double", { version: 2 }, async (_run, input: { n: number }) => input.n * 2 + 0.5);
const failing = workflow("failing", { version: 1 }, async (): Promise<number> => {
  throw new Error("No paper");
});
const asking = workflow("asking", { version: 1 }, async (run) => {
  const review = await run.approval("ask", { title: "?" });
  return { status: review.status };
});
const parent = workflow("parent", { version: 1 }, async (run, child: string) => {
  try {
    return { output: await run.invoke("child", child, { input: { n: 4 } }) };
  } catch (error) {
    return error instanceof StepError ? { step: error.step, runId: error.runId, message: error.message } : "?";
  }
});
const uncaught = workflow("uncaught", { version: 1 }, (run, child: string) =>
  run.invoke("child", child, { input: null }),
);

const start = (node: RunsNode, name: string, input: Parameters<RunsNode["runs"]["start"]>[1]["input"] = null) =>
  node.runs.start(ana, { workflow: name, input });

const childOf = (node: RunsNode, run: Run, step = "child") =>
  eventually(async () => {
    const id = (await node.runs.get(ana, run.id)).steps?.find(({ name }) => name === step)?.childRunId;
    return id !== undefined && node.runs.get(ana, id);
  });

describe.each(testDatabases)("child runs on $name", (kind) => {
  test("A11: a run gets the output of the run that it invokes, which belongs to the same owner", async () => {
    await using node = await startTestNode({ workflows: [parent, double, doubleBetter] }, kind);
    const run = await reaches(node, await start(node, "parent", "double"), "completed");
    expect(run.output).toEqual({ output: 8.5 });
    const child = await childOf(node, run);
    expect(run.steps).toMatchObject([{ name: "child", kind: "invoke", status: "completed", childRunId: child.id }]);
    expect(child).toMatchObject({ parentRunId: run.id, owner: { id: "ana" }, version: 2, input: { n: 4 } });
    expect((await node.runs.list(ana)).items.length).toBe(2);
  });

  test("a version can be chosen, and a definition stands for its own", async () => {
    const choosy = workflow("choosy", { version: 1 }, (run) =>
      Promise.all([
        run.invoke<{ n: number }, number>("one", { workflow: "double", version: 1 }, { input: { n: 1 } }),
        run.invoke("two", double, { input: { n: 2 } }),
        run.invoke("three", { workflow: doubleBetter }, { input: { n: 3 } }),
      ]),
    );
    await using node = await startTestNode({ workflows: [choosy, double, doubleBetter] }, kind);
    expect((await reaches(node, await start(node, "choosy"), "completed")).output).toEqual([2, 4, 6.5]);
  });

  test("a child that fails rejects the invocation with an error that names the run", async () => {
    await using node = await startTestNode({ workflows: [parent, failing, uncaught] }, kind);
    const run = await reaches(node, await start(node, "parent", "failing"), "completed");
    const child = await childOf(node, run);
    const message = `Invocation "child" failed: Run ${child.id} of "failing" failed: No paper`;
    expect(run.output).toEqual({ step: "child", runId: child.id, message });
    const failed = await reaches(node, await start(node, "uncaught", "failing"), "failed");
    expect(failed.error).toMatchObject({ name: "StepError", message: expect.stringMatching(/failed: No paper$/) });
  });

  test("a child that pauses is waited for, and its approval is decided as any other", async () => {
    await using node = await startTestNode({ workflows: [parent, asking] }, kind);
    const run = await reaches(node, await start(node, "parent", "asking"), "waiting");
    const child = await reaches(node, await childOf(node, run), "waiting");
    await decide(node, child, "ask", { approved: true });
    expect((await reaches(node, run, "completed")).output).toEqual({ output: { status: "approved" } });
  });

  test("cancelling a run cancels what it has invoked, all the way down, and withdraws their approvals (E6)", async () => {
    const middle = workflow("middle", { version: 1 }, (run) => run.invoke("child", "asking", { input: null }));
    await using node = await startTestNode({ workflows: [uncaught, middle, asking] }, kind);
    const run = await start(node, "uncaught", "middle");
    const below = await childOf(node, run);
    const lowest = await reaches(node, await childOf(node, below), "waiting");
    await node.runs.cancel(ana, run.id, { reason: "Not needed" });
    for (const { id } of [run, below, lowest]) {
      expect((await node.runs.get(ana, id)).status).toBe("cancelled");
    }
    const approvals = await approvalsOfRun(node.store.reader, "default", lowest.id);
    expect(approvals).toMatchObject([
      { status: "cancelled", outcome: { reason: expect.stringContaining("Not needed") } },
    ]);
    const late = decide(node, lowest, "ask", { approved: true });
    await expect(late).rejects.toMatchObject({
      code: "already_resolved",
      message: expect.stringContaining("Not needed"),
    });
  });

  test("a cancelled child rejects the invocation, and the run that catches that goes on", async () => {
    await using node = await startTestNode({ workflows: [parent, asking] }, kind);
    const run = await start(node, "parent", "asking");
    const child = await reaches(node, await childOf(node, run), "waiting");
    await node.runs.cancel(ana, child.id, { reason: "Wrong one" });
    const done = await reaches(node, run, "completed");
    expect(done.output).toMatchObject({ runId: child.id, message: expect.stringMatching(/was cancelled: Wrong one$/) });
  });

  test("a run that ends while its child is open cancels it", async () => {
    const careless = workflow("careless", { version: 1 }, async (run, fail: boolean) => {
      const child = run.invoke("child", "asking", { input: null });
      await run.sleep("nap", "1ms");
      if (fail) throw new Error("Enough");
      return Promise.race([child, "done"]);
    });
    await using node = await startTestNode({ workflows: [careless, asking] }, kind);
    for (const fail of [true, false]) {
      const run = await reaches(node, await start(node, "careless", fail), fail ? "failed" : "completed");
      const child = await reaches(node, await childOf(node, run), "cancelled");
      for (const { status } of await approvalsOfRun(node.store.reader, "default", child.id)) {
        expect(status).toBe("cancelled");
      }
    }
  });

  test("a child that takes too long is cancelled, and the invocation fails", async () => {
    const clock = createTestClock();
    const hasty = workflow("hasty", { version: 1 }, async (run) => {
      const failure = await run
        .invoke("child", "asking", { input: null, timeout: "1h" })
        .catch((error) => error.message);
      return failure;
    });
    await using node = await startTestNode({ workflows: [hasty, asking], clock }, kind);
    const run = await start(node, "hasty");
    const child = await reaches(node, await childOf(node, run), "waiting");
    await reaches(node, run, "waiting");
    clock.advance(durationMs("1h"));
    const done = await reaches(node, run, ({ status }) => {
      clock.advance(1_000);
      return status === "completed";
    });
    expect(done.output).toBe('Invocation "child" failed: It took too long and was cancelled.');
    expect((await node.runs.get(ana, child.id)).status).toBe("cancelled");
  });

  test("a child is started once, however often its parent is taken up again", async () => {
    await using database = await kind.create();
    const workflows = [parent, asking];
    const before = await startNode(database.location(), { workflows });
    const run = await start(before, "parent", "asking");
    await reaches(before, await childOf(before, run), "waiting");
    await before.crash();
    const after = await startNode(database.location(), { workflows });
    const child = await childOf(after, run);
    await decide(after, child, "ask", { approved: false });
    await reaches(after, run, "completed");
    expect((await after.runs.list(ana)).items.length).toBe(2);
    await after.stop();
  });
});

test("a run that invokes itself without end fails at a depth that says so", { timeout: 60_000 }, async () => {
  const endless = workflow("endless", { version: 1 }, (run) => run.invoke("again", "endless", { input: null }));
  await using node = await startTestNode({ workflows: [endless] });
  await reaches(node, await start(node, "endless"), "failed");
  const runs = await node.store.reader.selectFrom("runs").select("error").orderBy("depth").execute();
  expect(runs.length).toBe(51);
  expect(runs.at(-1)?.error).toContain("50 deep at most");
});

test.each([
  ["nobody", /workflow: there is no "nobody"/],
  [undefined as unknown as string, /^target: must be a workflow, the name of one, or \{ workflow, version \}\.$/],
  [{ workflow: undefined as unknown as string }, /^target: must be a workflow/],
  [{ workflow: "double", version: 7 }, /version: there is no version 7 of "double"; the latest is 1/],
])("invoking %j fails with an error that says what there is", async (target, message) => {
  const wrong = workflow("wrong", { version: 1 }, (run) => run.invoke("child", target, { input: null }));
  await using node = await startTestNode({ workflows: [wrong, double] });
  expect((await reaches(node, await start(node, "wrong"), "failed")).error?.message).toMatch(message);
});

describe.each(sharedTestDatabases)("two nodes on $name", (kind) => {
  test("parents and children run on either, and each is told once", async () => {
    await using database = await kind.create();
    const nodes = await Promise.all(
      [1, 2].map(() => startNode(database.location(), { workflows: [parent, double], concurrency: 3 })),
    );
    const runs = await Promise.all(
      Array.from({ length: 40 }, (_, n) => start(nodes[n % 2] as RunsNode, "parent", "double")),
    );
    for (const run of runs) {
      expect((await reaches(nodes[0] as RunsNode, run, "completed")).output).toEqual({ output: 8 });
    }
    const all = await nodes[0]?.store.reader.selectFrom("runs").select("status").execute();
    expect(all?.map(({ status }) => status)).toEqual(Array(80).fill("completed"));
    for (const node of nodes) await node.stop();
  });

  test.each(["hasty", "racing"])(
    "a child that completes while its %s parent cancels it is said to have completed, only",
    async (name) => {
      await using database = await kind.create();
      const clock = createTestClock();
      const begun = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const win = Promise.withResolvers<void>();
      const lasting = workflow("lasting", { version: 1 }, (run) =>
        run.step("last", () => {
          begun.resolve();
          return finish.promise;
        }),
      );
      const invokes = { input: null, timeout: "1h" } as const;
      const hasty = workflow("hasty", { version: 1 }, (run) => run.invoke("child", "lasting", invokes));
      const racing = workflow("racing", { version: 1 }, (run) =>
        run.race({
          child: (branch) => branch.invoke("child", "lasting", invokes),
          quick: (branch) => branch.step("quick", () => win.promise),
        }),
      );
      const workflows = [lasting, hasty, racing];
      // Leases outlast the hour.
      const node = await startNode(database.location(), { workflows, clock, leaseMs: durationMs("1d") });
      const run = await start(node, name);
      const child = await childOf(node, run);
      await begun.promise;
      if (name === "hasty") await reaches(node, run, "waiting");
      const other = await openStore({ database: database.location() });
      const log = await holdLog(other);
      finish.resolve();
      await waitForLocks(other, 1);
      // Who cancels the child has read that it is open, and then gets the log behind the one that completes it.
      win.resolve();
      if (name === "hasty") clock.advance(durationMs("1h"));
      await waitForLocks(other, 2);
      await log.release();
      await reaches(node, run, "completed");
      expect((await node.runs.get(ana, child.id)).status).toBe("completed");
      const events = await other.reader.selectFrom("events").select("type").where("run_id", "=", child.id).execute();
      expect(events.map(({ type }) => type)).toEqual(["run.created", "run.completed"]);
      await node.stop();
      await other.close();
    },
  );
});

/** Locks the log of Ana's tenant until it is released. */
async function holdLog({ write }: Store): Promise<{ release(): Promise<void> }> {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = write(async ({ db }) => {
    await lockHead(db, ana.tenantId);
    held.resolve();
    await released.promise;
  });
  await held.promise;
  return {
    release() {
      released.resolve();
      return done;
    },
  };
}

/** Waits until so many of Postgres's connections wait for others. */
async function waitForLocks({ reader }: Store, count: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(reader);
    return rows.length >= count;
  });
}

test("a run's child is its owner's: others don't see it", async () => {
  await using node = await startTestNode({ workflows: [parent, asking] });
  const child = await childOf(node, await start(node, "parent", "asking"));
  await expect(node.runs.get(bo, child.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a child that is given nothing is refused, and its parent is told", async () => {
  const thoughtless = workflow("thoughtless", { version: 1 }, (run) => run.invoke("ask", asking, { input: undefined }));
  await using node = await startTestNode({ workflows: [thoughtless, asking] });
  const run = await start(node, "thoughtless", null);
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: "input: is required; null stands for nothing." },
  });
});
