import { workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import { ana, reaches, startTestNode } from "./test-runs.ts";

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
