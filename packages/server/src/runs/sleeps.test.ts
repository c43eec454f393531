import { workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import { ana, decide, reaches, startTestNode } from "./test-runs.ts";

test.each([
  ["a date", new Date("2026-03-01T09:00:00Z")],
  ["a text", "2026-03-01T10:00:00+01:00"],
])("a run sleeps until a moment that is given as %s", async (_what, until) => {
  const clock = createTestClock();
  const patient = workflow("patient", { version: 1 }, async (run) => run.sleepUntil("march", until));
  await using node = await startTestNode({ workflows: [patient], clock });
  const run = await node.runs.start(ana, { workflow: "patient", input: null });
  const waiting = await reaches(node, run, "waiting");
  expect(waiting.steps).toMatchObject([{ name: "march", kind: "sleep", wakeAt: "2026-03-01T09:00:00.000Z" }]);
  clock.advance(Date.parse("2026-03-01T09:00:00Z") - clock.now());
  await reaches(node, run, "completed");
});

test("a sleep until a moment that has passed is over at once", async () => {
  const clock = createTestClock();
  const late = workflow("late", { version: 1 }, async (run) => run.sleepUntil("then", new Date(0)));
  await using node = await startTestNode({ workflows: [late], clock });
  const run = await node.runs.start(ana, { workflow: "late", input: null });
  await reaches(node, run, "completed");
});

test.each([
  ["sleep", "a while", "duration: must be a duration"],
  ["sleepUntil", "tomorrow", "until: must be a date"],
  ["sleepUntil", new Date(Number.NaN), "until: must be a date"],
] as const)("%s with %s fails the run, naming the field", async (method, time, message) => {
  const wrong = workflow("wrong", { version: 1 }, async (run) => run[method]("nap", time as string));
  await using node = await startTestNode({ workflows: [wrong] });
  const run = await node.runs.start(ana, { workflow: "wrong", input: null });
  const ended = await node.runs.wait(ana, run.id);
  expect(ended).toMatchObject({ status: "failed", error: { message: expect.stringContaining(message) } });
});

test("a run that executes is due when its next wait is, after one that is over and one that was decided", async () => {
  const clock = createTestClock();
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const work = () => {
    started.resolve();
    return finish.promise;
  };
  const busy = workflow("busy", { version: 1 }, async (run) => {
    const nap = run.sleep("nap", "1h").then(() => run.step("work", work));
    await Promise.all([nap, run.sleep("night", "8h"), run.approval("ask", { title: "Ask?" })]);
  });
  await using node = await startTestNode({ workflows: [busy], clock });
  const due = () => node.store.reader.selectFrom("runs").select("wake_at").execute();
  const run = await node.runs.start(ana, { workflow: "busy", input: null });
  const waiting = await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  await started.promise;
  const woken = await due();
  await decide(node, waiting, "ask", { approved: true });
  const decided = await due();
  finish.resolve();
  const night = [{ wake_at: "2026-01-01T08:00:00.000Z" }];
  expect([woken, decided]).toEqual([night, night]);
});
