import { durationMs, type Run, workflow } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { approvalsOfRun } from "../store/approvals-table.ts";
import { listEvents } from "../store/events-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, decide, eventually } from "./test-runs.ts";

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
