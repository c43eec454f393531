import { type Run, type StepContext, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { ana, decide, reaches, startTestNode } from "./test-runs.ts";

describe.each(testDatabases)("the log of a run on $name", (kind) => {
  test("an entry is recorded once, at its place among the steps, however often the handler is called", async () => {
    let calls = 0;
    const chatty = workflow("chatty", { version: 1 }, async (run) => {
      run.log("called", { time: ++calls });
      await run.step("draft", () => "draft");
      run.log("drafted");
      await run.approval("ask", { title: "Go on?" });
      run.log("decided", { by: ["bo"] });
    });
    await using node = await startTestNode({ workflows: [chatty] }, kind);
    const run = await node.runs.start(ana, { workflow: "chatty", input: null });
    const waiting = await reaches(node, run, "waiting");
    expect(waiting.steps?.map(({ name }) => name)).toEqual(["log", "draft", "log#2", "ask"]);
    await decide(node, waiting, "ask", { approved: true });
    const { status, steps } = await node.runs.wait(ana, run.id);
    expect([status, calls]).toEqual(["completed", 2]);
    const entries = steps?.filter((step) => step.kind === "log");
    expect(entries?.map(({ output }) => output)).toEqual([
      { message: "called", data: { time: 1 } },
      { message: "drafted" },
      { message: "decided", data: { by: ["bo"] } },
    ]);
    for (const { status, startedAt, finishedAt } of entries ?? []) {
      expect([status, finishedAt]).toEqual(["completed", startedAt]);
    }
  });
});

test("an entry costs no write of its own", async () => {
  let commits = 0;
  const failpoint = (name: string) => {
    if (name === "after-commit") commits += 1;
  };
  const handler = (entries: number) =>
    workflow("chatty", { version: entries + 1 }, async (run) => {
      for (let n = 0; n < entries; n++) run.log(`entry ${n}`);
      await run.step("work", () => 1);
      for (let n = 0; n < entries; n++) run.log(`entry ${n}`);
    });
  const commitsWith = async (entries: number) => {
    commits = 0;
    await using node = await startTestNode({ workflows: [handler(entries)], failpoint });
    const run = await node.runs.start(ana, { workflow: "chatty", input: null });
    const { steps } = await node.runs.wait(ana, run.id);
    expect(steps?.length).toBe(1 + 2 * entries);
    return commits;
  };
  const silent = await commitsWith(0);
  expect(await commitsWith(50)).toBe(silent);
});

test("what isn't JSON is kept as text, and fails nothing", async () => {
  const odd = workflow("odd", { version: 1 }, async (run) => {
    run.log("map", new Map([["a", 1n]]));
    run.log(7 as unknown as string, "\0");
  });
  await using node = await startTestNode({ workflows: [odd] });
  const run = await node.runs.start(ana, { workflow: "odd", input: null });
  const { status, steps } = await node.runs.wait(ana, run.id);
  expect(status).toBe("completed");
  expect(steps?.map(({ output }) => output)).toEqual([
    { message: "map", data: "Map(1) { 'a' => 1n }" },
    { message: "7", data: "" },
  ]);
});

test("a later change to what was logged changes nothing", async () => {
  const careless = workflow("careless", { version: 1 }, async (run) => {
    const draft = { to: "cy" };
    run.log("draft", draft);
    draft.to = "di";
  });
  await using node = await startTestNode({ workflows: [careless] });
  const run = await node.runs.start(ana, { workflow: "careless", input: null });
  expect((await node.runs.wait(ana, run.id)).steps).toMatchObject([{ output: { data: { to: "cy" } } }]);
});

test("what attempts of a step log is recorded each time, and shifts nothing that the handler logs", async () => {
  const noisy = workflow("noisy", { version: 1 }, async (run) => {
    const busyOnce = ({ attempt }: StepContext) => {
      run.log("trying", { attempt });
      if (attempt === 1) throw new Error("Busy");
    };
    await run.step("work", busyOnce, { backoff: "1ms" });
    run.log("worked");
    await run.approval("ask", { title: "Go on?" });
    run.log("decided");
  });
  await using node = await startTestNode({ workflows: [noisy] });
  const run = await node.runs.start(ana, { workflow: "noisy", input: null });
  const asks = ({ steps }: Run) => steps?.some(({ name, status }) => name === "ask" && status === "waiting") ?? false;
  await decide(node, await reaches(node, run, asks), "ask", { approved: true });
  const { steps } = await node.runs.wait(ana, run.id);
  const entries = steps?.filter(({ kind }) => kind === "log").map(({ name, output }) => [name, output]);
  expect(entries).toEqual([
    ["work:log", { message: "trying", data: { attempt: 1 } }],
    ["work:log#2", { message: "trying", data: { attempt: 2 } }],
    ["log", { message: "worked" }],
    ["log#2", { message: "decided" }],
  ]);
});

test.each([190, 200])("a step whose name has %i characters may log", async (length) => {
  const name = "s".repeat(length);
  const chatty = workflow("chatty", { version: 1 }, (run) => run.step(name, () => run.log("hello"), { retries: 0 }));
  await using node = await startTestNode({ workflows: [chatty] });
  const run = await node.runs.start(ana, { workflow: "chatty", input: null });
  expect((await node.runs.wait(ana, run.id)).status).toBe("completed");
});

test("a step may be called what another step's log entry is called", async () => {
  const chatty = workflow("chatty", { version: 1 }, async (run) => {
    await run.step("audit", () => run.log("hello"));
    const made = await run.step("audit:log", () => "made");
    await run.approval("ask", { title: "Go on?" });
    return made;
  });
  await using node = await startTestNode({ workflows: [chatty] });
  const run = await node.runs.start(ana, { workflow: "chatty", input: null });
  await decide(node, await reaches(node, run, "waiting"), "ask", { approved: true });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed", output: "made" });
});
