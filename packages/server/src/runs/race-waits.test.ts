import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { testDatabases } from "../store/test-databases.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, decide, reaches, startTestNode } from "./test-runs.ts";

const wentOn = 'The run went on without this: "one" came first.';

const asking = workflow("asking", { version: 1 }, async (run) => (await run.approval("ask", { title: "?" })).status);

/** A gate and a child run race. */
const childRace = workflow("childRace", { version: 1 }, async (run) => {
  const won = await run.race({
    one: (branch) => branch.approval("one", { title: "One?" }),
    child: (branch) => branch.invoke("child", "asking", { input: null }),
  });
  await run.approval("after", { title: "Go on?" });
  return won.branch;
});

/** A gate and an event race; then the run waits for such an event. */
const eventRace = workflow("eventRace", { version: 1 }, async (run) => {
  const won = await run.race({
    one: (branch) => branch.approval("one", { title: "One?" }),
    paid: (branch) => branch.waitForEvent("early", { event: "paid" }),
  });
  const event = await run.waitForEvent("late", { event: "paid" });
  return [won.branch, event?.data ?? null];
});

const start = (node: RunsNode, name: string) => node.runs.start(ana, { workflow: name, input: null });
const pay = (node: RunsNode, order: number) => node.runs.send(ana, { name: "paid", data: { order } });
const stepOf = ({ steps }: Run, name: string) => steps?.find((step) => step.name === name);

describe.each(testDatabases)("what loses a race on $name", (kind) => {
  test("a child run is cancelled at once, and what it asks is withdrawn", async () => {
    await using node = await startTestNode({ workflows: [childRace, asking] }, kind);
    const run = await start(node, "childRace");
    const waiting = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 2);
    const child = { ...run, id: stepOf(waiting, "child")?.childRunId ?? "" };
    await reaches(node, child, "waiting");
    await decide(node, waiting, "one", { approved: true });
    const later = await reaches(node, run, (now) => stepOf(now, "after")?.status === "waiting");
    expect(stepOf(later, "child")).toMatchObject({ status: "cancelled" });
    expect((await node.runs.get(ana, child.id)).status).toBe("cancelled");
    expect(await approvalsOfRun(node.store.reader, "default", child.id)).toMatchObject([
      { status: "cancelled", outcome: { reason: wentOn } },
    ]);
    await decide(node, later, "after", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toBe("one");
  });

  test("a gate is withdrawn, even if it is being asked when the run ends", async () => {
    const sudden = workflow("sudden", { version: 1 }, async (run) => {
      const [one, other] = [run.step("one", () => 1), run.step("other", () => 2)];
      await one;
      const won = await run.race({ other: () => other, asked: (branch) => branch.approval("asked", { title: "?" }) });
      return won.branch;
    });
    await using node = await startTestNode({ workflows: [sudden] }, kind);
    const run = await start(node, "sudden");
    expect((await node.runs.wait(ana, run.id)).output).toBe("other");
    const approvals = await approvalsOfRun(node.store.reader, "default", run.id);
    expect(approvals.filter(({ status }) => status === "pending")).toEqual([]);
  });

  test("a wait for an event takes no event any more", async () => {
    await using node = await startTestNode({ workflows: [eventRace] }, kind);
    const run = await start(node, "eventRace");
    await decide(node, await reaches(node, run, "waiting"), "one", { approved: true });
    const later = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 3);
    expect(stepOf(later, "early")).toMatchObject({ status: "cancelled" });
    const waits = await node.store.reader.selectFrom("event_waits").select("step").execute();
    expect(waits).toEqual([{ step: "late" }]);
    await pay(node, 7);
    const ended = await reaches(node, run, "completed");
    expect(ended.output).toEqual(["one", { order: 7 }]);
    expect(stepOf(ended, "early")).not.toHaveProperty("output");
  });

  test("an event that comes between the win and the withdrawal is there for the next wait", async () => {
    const withdrawing = Promise.withResolvers<void>();
    const withdraw = Promise.withResolvers<void>();
    const failpoint = (name: string) => {
      if (name !== "before-withdraw") return undefined;
      withdrawing.resolve();
      return withdraw.promise;
    };
    await using node = await startTestNode({ workflows: [eventRace], failpoint }, kind);
    const run = await start(node, "eventRace");
    await decide(node, await reaches(node, run, "waiting"), "one", { approved: true });
    await withdrawing.promise;
    await pay(node, 7);
    withdraw.resolve();
    expect((await reaches(node, run, "completed")).output).toEqual(["one", { order: 7 }]);
  });

  test("an event that comes before the run has taken in who won is there for the next wait", async () => {
    await using database = await kind.create();
    const asks = await startNode(database.location(), { workflows: [eventRace] });
    const run = await start(asks, "eventRace");
    const waiting = await reaches(asks, run, "waiting");
    await asks.stop();
    const decides = await startNode(database.location(), { workflows: [eventRace], concurrency: 0 });
    await decide(decides, waiting, "one", { approved: true });
    await pay(decides, 7);
    expect(await decides.runs.get(ana, run.id)).toMatchObject({ status: "queued" });
    await decides.stop();
    const goesOn = await startNode(database.location(), { workflows: [eventRace] });
    expect((await reaches(goesOn, run, "completed")).output).toEqual(["one", { order: 7 }]);
    await goesOn.stop();
  });

  test("an event that a branch has had before it lost is not given twice", async () => {
    const chain = workflow("chain", { version: 1 }, async (run) => {
      const won = await run.race({
        one: (branch) => branch.approval("one", { title: "One?" }),
        paid: async (branch) => {
          await branch.waitForEvent("early", { event: "paid" });
          return branch.approval("two", { title: "Two?" });
        },
      });
      const event = await run.waitForEvent("late", { event: "paid" });
      return [won.branch, event?.data ?? null];
    });
    await using node = await startTestNode({ workflows: [chain] }, kind);
    const run = await start(node, "chain");
    await reaches(node, run, "waiting");
    await pay(node, 7);
    const asked = await reaches(node, run, (now) => stepOf(now, "two")?.status === "waiting");
    await decide(node, asked, "one", { approved: true });
    await reaches(node, run, (now) => stepOf(now, "late")?.status === "waiting");
    await pay(node, 8);
    expect((await reaches(node, run, "completed")).output).toEqual(["one", { order: 8 }]);
  });
});
