import { setTimeout as delay } from "node:timers/promises";
import { durationMs, type Run, workflow } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { listEvents } from "../store/events-table.ts";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, startTestNode } from "./test-runs.ts";

/** Something that happens to a run, or to the process that executes it. */
type Happening = "approve one" | "reject one" | "approve two" | "time passes" | "cancel" | "kill";

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Happening>("approve one", "reject one", "approve two") },
  { weight: 3, arbitrary: fc.constantFrom<Happening>("time passes", "kill") },
  { weight: 1, arbitrary: fc.constant<Happening>("cancel") },
);

/** What happens at once, and then, and then. */
const story: fc.Arbitrary<Happening[][]> = fc.array(fc.array(happening, { minLength: 1, maxLength: 3 }), {
  maxLength: 4,
});

test("whatever happens in whatever order, a run ends once and no step has its effect twice", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (turns) => {
      const effects: string[] = [];
      const world = await createWorld(effects);
      const run = await world.node().runs.start(ana, { workflow: "story", input: null });
      for (const atOnce of turns) {
        await world.settled(run);
        await Promise.all(atOnce.map((happening) => world.happen(run, happening)));
      }
      await world.settled(run);
      const ended = await world.seeThrough(run);
      await expectOneEnd(world.node(), ended);
      for (const step of new Set(effects)) {
        const count = effects.filter((each) => each === step).length;
        expect(count).toBeLessThanOrEqual(1 + turns.flat().filter((happening) => happening === "kill").length);
      }
      await world.close();
    }),
    { numRuns: 30 },
  );
});

/** Somebody who is written to: how often that fails, how long it takes each time in ms, and what is decided of it. */
const letter = fc.record({
  failures: fc.nat({ max: 2 }),
  ms: fc.array(fc.nat({ max: 8 }), { minLength: 4, maxLength: 4 }),
  approved: fc.boolean(),
});

test("whatever fails, in whatever order, and is retried, each decision stays with what it was about", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(letter, { minLength: 2, maxLength: 4 }), async (letters) => {
      const left = letters.map(({ failures, ms }) => ({ failures, ms: [...ms] }));
      const writing = workflow("writing", { version: 1 }, async (run) => {
        const errors: unknown[] = [];
        const write = async (i: number) => {
          const attempt = async () => {
            await delay(left[i]?.ms.shift() ?? 0);
            if (left[i]?.failures && left[i].failures-- > 0) throw new Error("Down");
          };
          await run.step("write", attempt, { retries: 0 }).catch((error) => errors.push(error));
          return (await run.approval("send", { title: `${i}` })).approved;
        };
        const decisions = await Promise.all(letters.map((_, i) => write(i)));
        if (errors.length > 0) throw new AggregateError(errors);
        return decisions;
      });
      await using node = await startTestNode({ workflows: [writing] });
      const { id } = await node.runs.start(ana, { workflow: "writing", input: null });
      const ended = await eventually(async () => {
        const run = await node.runs.get(ana, id);
        if (run.status === "failed") await node.runs.retry(ana, id);
        for (const approval of await approvalsOfRun(node.store.reader, "default", id)) {
          const { approved = false } = letters[Number(approval.title)] ?? {};
          if (approval.status === "pending") await respond(node.ctx, bo, approval.id, { approved });
        }
        return run.status === "completed" && run;
      });
      expect(ended.output).toEqual(letters.map(({ approved }) => approved));
    }),
    { numRuns: 30 },
  );
});

async function createWorld(effects: string[]) {
  const told = workflow("story", { version: 1 }, async (run) => {
    const step = (name: string) => run.step(name, () => void effects.push(name));
    await step("first");
    const [one, two] = await Promise.all([
      run.approval("one", { title: "One?", timeout: "2h" }),
      run.approval("two", { title: "Two?", timeout: "3h", onTimeout: "approve" }),
      run.sleep("pause", "1h"),
      step("beside"),
    ]);
    await step("last");
    return { one: one.status, two: two.status };
  });
  const clock = createTestClock();
  const database = await testDatabases[0]?.create();
  const start = () => startNode(database?.location() ?? "", { workflows: [told], clock });
  let node = await start();
  let restarted = Promise.resolve();

  /** One restart after the other: the file can be opened only once. */
  const restart = () => {
    restarted = restarted.then(async () => {
      await node.crash();
      node = await start();
    });
    return restarted;
  };
  const now = async (run: Run, happening: Happening): Promise<void> => {
    if (happening === "kill") await restart();
    else if (happening === "time passes") clock.advance(durationMs("1h"));
    else if (happening === "cancel") await node.runs.cancel(ana, run.id);
    else {
      const [verb, gate = ""] = happening.split(" ");
      await decide(node, await node.runs.get(ana, run.id), gate, { approved: verb === "approve" });
    }
  };
  return {
    node: () => node,
    /** What comes too early or too late, or loses its process, comes to nothing. */
    happen: (run: Run, happening: Happening) => now(run, happening).catch(() => undefined),
    /** Waits until the run has nothing left to do but wait. */
    settled: (run: Run) => eventually(async () => (await node.runs.get(ana, run.id)).status !== "running"),
    async seeThrough(run: Run): Promise<Run> {
      await restart();
      return eventually(async () => {
        clock.advance(durationMs("1h"));
        const { finishedAt } = await node.runs.get(ana, run.id);
        return finishedAt !== undefined && node.runs.get(ana, run.id);
      });
    },
    async close(): Promise<void> {
      await node.stop();
      await database?.[Symbol.asyncDispose]();
    },
  };
}

async function expectOneEnd({ store }: RunsNode, run: Run): Promise<void> {
  const events = await listEvents(store.reader, "default", { limit: 100 });
  expect(events.filter(({ type }) => /^run\.(?:completed|failed|cancelled)$/.test(type)).length).toBe(1);
  const approvals = await approvalsOfRun(store.reader, "default", run.id);
  for (const { id, status } of approvals) {
    expect(status).not.toBe("pending");
    expect(events.filter((event) => event.type === "approval.resolved" && event.approvalId === id).length).toBe(1);
  }
  if (run.status === "cancelled") return;
  const [one, two] = ["one", "two"].map((gate) => approvals.find(({ source }) => source?.gate === gate)?.status);
  expect(run).toMatchObject({ status: "completed", output: { one, two } });
}
