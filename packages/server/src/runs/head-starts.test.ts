import { setTimeout as delay } from "node:timers/promises";
import { Interrupt, type Run, type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import type { RunsNode } from "./test-node.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

const ask = (run: RunContext) => run.approval("gate", { title: "Go on?" });

/** A node on SQLite that holds up the commits of decisions when it is told to. */
async function startHolding(flow: Workflow<unknown, unknown>) {
  let before: (() => Promise<void>) | undefined;
  const failpoint = async (name: string) => {
    if (name === "before-commit") await before?.();
  };
  const node = await startTestNode({ workflows: [flow], failpoint });
  const run = await node.runs.start(ana, { workflow: flow.name, input: null });
  /**
   * Approves, and looks at things once the handler has been called again, before the commit; that fails when `fails` says
   * so. For a moment a run that has begun to wait isn't known in memory yet: then the commit fails, and is tried again.
   */
  const approve = async <Seen>(
    isCalledAgain: () => boolean,
    look: () => Promise<Seen>,
    fails = false,
  ): Promise<Seen> => {
    const waiting = await reaches(node, run, "waiting");
    const [seen] = await eventually(async () => {
      const looks: Seen[] = [];
      before = async () => {
        before = undefined;
        for (let i = 0; i < 20 && !isCalledAgain(); i++) await delay(1);
        if (isCalledAgain()) looks.push(await look());
        if (fails || looks.length === 0) throw new Error("The disk is full.");
      };
      await decide(node, waiting, "gate", { approved: true }).catch(() => undefined);
      return looks.length > 0 && ([looks[0] as Seen] as const);
    });
    return seen;
  };
  return { node, run, approve };
}

const nothing = async () => undefined;

const statusOf = async (node: RunsNode, { id }: Run) => (await node.runs.get(ana, id)).status;

test("a handler comes up to its gate while the decision is committed, and not a line further", async () => {
  const seen: string[] = [];
  const early = workflow("early", { version: 1 }, async (run) => {
    seen.push("called");
    const { status } = await ask(run);
    seen.push(status);
    return run.step("act", () => "done");
  });
  const { node, run, approve } = await startHolding(early);
  await using _ = node;
  const look = async () => {
    await delay(5);
    return [...seen, await statusOf(node, run)];
  };
  expect(await approve(() => seen.length === 2, look)).toEqual(["called", "called", "waiting"]);
  expect((await node.runs.wait(ana, run.id)).output).toBe("done");
  expect(seen).toEqual(["called", "called", "approved"]);
});

test("after a commit that failed, the next decision goes on from there", async () => {
  const seen: string[] = [];
  const retried = workflow("retried", { version: 1 }, async (run) => {
    seen.push("called");
    const { status, reason } = await ask(run);
    seen.push(`${status}: ${reason}`);
  });
  const { node, run, approve } = await startHolding(retried);
  await using _ = node;
  await approve(() => seen.length === 2, nothing, true);
  expect(await statusOf(node, run)).toBe("waiting");
  await decide(node, await node.runs.get(ana, run.id), "gate", { approved: false, reason: "Too late." });
  await reaches(node, run, "completed");
  expect(seen).toEqual(["called", "called", "rejected: Too late."]);
});

test("a step that the handler calls there for the first time isn't executed before the commit", async () => {
  let calls = 0;
  const effects: string[] = [];
  const changed = workflow("changed", { version: 1 }, async (run) => {
    if (++calls > 1) await run.step("new", () => void effects.push("new"));
    await ask(run);
    await run.step("after", () => void effects.push("after"));
  });
  const { node, run, approve } = await startHolding(changed);
  await using _ = node;
  const look = async () => {
    await delay(5);
    return [...effects];
  };
  expect(await approve(() => calls === 2, look)).toEqual([]);
  await reaches(node, run, "completed");
  expect(effects).toEqual(["new", "after"]);
  expect(calls).toBe(2);
});

test.each([
  ["returns", "completed"],
  ["throws", "failed"],
] as const)("a handler that %s before its gate ends the run with the commit, not before", async (how, end) => {
  let calls = 0;
  const ending = workflow("ending", { version: 1 }, async (run) => {
    calls += 1;
    if (calls > 1 && how === "throws") throw new Error("No gate here.");
    if (calls === 1) await ask(run);
  });
  const { node, run, approve } = await startHolding(ending);
  await using _ = node;
  const look = async () => {
    await delay(5);
    return statusOf(node, run);
  };
  expect(await approve(() => calls === 2, look)).toBe("waiting");
  await reaches(node, run, end);
  expect(calls).toBe(2);
});

test.each(["run is cancelled", "node stops"])(
  "what began for a commit that failed is told when the %s",
  async (what) => {
    const signals: AbortSignal[] = [];
    const told = workflow("told", { version: 1 }, async (run) => {
      signals.push(run.signal);
      await ask(run);
    });
    const { node, run, approve } = await startHolding(told);
    await using _ = node;
    await approve(() => signals.length === 2, nothing, true);
    expect(signals[1]?.aborted).toBe(false);
    if (what === "run is cancelled") await node.runs.cancel(ana, run.id);
    else await node.stop();
    expect(signals[1]?.aborted).toBe(true);
  },
);

test("a handler that has returned an interrupt isn't called before it is approved", async () => {
  const approved: boolean[] = [];
  const interrupted = workflow("interrupted", { version: 1 }, async (run) => {
    approved.push(run.approved);
    return run.approved ? "done" : Interrupt.approval({ message: "Go on?" });
  });
  await using node = await startTestNode({ workflows: [interrupted] });
  const run = await node.runs.start(ana, { workflow: "interrupted", input: null });
  const waiting = await reaches(node, run, "waiting");
  await delay(50);
  await decide(node, waiting, waiting.steps?.[0]?.name ?? "", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("done");
  expect(approved).toEqual([false, true]);
});
