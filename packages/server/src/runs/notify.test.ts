import { Interrupt, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { startNode } from "./test-node.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

const email = { type: "email", email: "ana@example.com" } as const;

const telling = workflow("telling", { version: 1 }, async (run) => {
  await run.notify("started", { message: "Here we go", destination: email });
  await run.notify({ message: "No name", destination: email });
  const { approved } = await run.approval("ask", { title: "?" });
  await run.notify({ message: approved ? "Yes" : "No", destination: email });
  return approved;
});

describe.each(testDatabases)("notices on $name", (kind) => {
  test("people are told once, however often the handler is called again, and the run goes on (A3, B4)", async () => {
    await using database = await kind.create();
    const before = await startNode(database.location(), { workflows: [telling] });
    const run = await before.runs.start(ana, { workflow: "telling", input: null });
    await reaches(before, run, "waiting");
    await before.crash();
    const after = await startNode(database.location(), { workflows: [telling] });
    await decide(after, await after.runs.get(ana, run.id), "ask", { approved: true });
    const done = await reaches(after, run, "completed");
    expect(done.steps?.map(({ name, kind, status }) => [name, kind, status])).toEqual([
      ["started", "notify", "completed"],
      ["notify", "notify", "completed"],
      ["ask", "approval", "completed"],
      ["notify#2", "notify", "completed"],
    ]);
    const told = await after.store.reader.selectFrom("deliveries").selectAll().where("cause", "=", "notice").execute();
    const messages = told.map(({ body }) => JSON.parse(body ?? "{}").message);
    expect(messages.sort()).toEqual(["Here we go", "No name", "Yes"]);
    expect(told.map(({ run_id }) => run_id)).toEqual([run.id, run.id, run.id]);
    await after.stop();
  });
});

test("a handler that asks by an interrupt tells people once", async () => {
  const asks = workflow("asks", { version: 1 }, async (run) => {
    await run.notify({ message: "Soon", destination: email });
    return run.approved ? "done" : Interrupt.approval({ message: "May I?" });
  });
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const waiting = await reaches(node, run, ({ steps }) => steps?.some(({ approvalId }) => approvalId) ?? false);
  const gate = waiting.steps?.find(({ kind }) => kind === "approval")?.name ?? "";
  await decide(node, waiting, gate, { approved: true });
  await reaches(node, run, "completed");
  expect(
    (await node.store.reader.selectFrom("deliveries").select("id").where("cause", "=", "notice").execute()).length,
  ).toBe(1);
});

test("a race that is won leaves no wait for an event and no child open", async () => {
  const child = workflow("child", { version: 1 }, (run) => run.approval("ask", { title: "?" }));
  const racing = workflow("racing", { version: 1 }, async (run) => {
    const { branch } = await run.race({
      time: (branch) => branch.sleep("nap", "20ms"),
      event: (branch) => branch.waitForEvent("paid", { event: "paid" }),
      child: (branch) => branch.invoke("child", "child", { input: null }),
    });
    await run.approval("after", { title: "?" });
    return branch;
  });
  await using node = await startTestNode({ workflows: [child, racing] });
  const run = await node.runs.start(ana, { workflow: "racing", input: null });
  const waiting = await reaches(
    node,
    run,
    ({ steps }) => steps?.some(({ name, approvalId }) => name === "after" && approvalId) ?? false,
  );
  expect(await node.store.reader.selectFrom("event_waits").select("step").execute()).toEqual([]);
  const childId = waiting.steps?.find(({ name }) => name === "child")?.childRunId ?? "";
  await eventually(async () => (await node.runs.get(ana, childId)).status === "cancelled");
  await decide(node, waiting, "after", { approved: true });
  expect((await reaches(node, run, "completed")).output).toBe("time");
});
