import { durationMs, type OnTimeout, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { type RunsNode, startNode } from "../runs/test-node.ts";
import { ana, decide, eventually, gateOf, reaches, startTestNode } from "../runs/test-runs.ts";
import { getApproval, nextDueAt } from "../store/approvals-table.ts";
import { eventsOfApproval } from "../store/events-table.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { ask, completes, looked } from "./test-time.ts";

const minute = durationMs("1m");
const day = durationMs("1d");

const asking = workflow("asking", { version: 1 }, async (run, onTimeout: OnTimeout) => {
  const review = await run.approval("ask", { title: "?", timeout: "24h", onTimeout });
  return { status: review.status, approved: review.approved };
});

describe.each(testDatabases)("deadlines on $name", (kind) => {
  test.each([
    ["time_out", false],
    ["approve", true],
    ["reject", false],
  ] as const)(
    "a gate that nobody answers times out, and with onTimeout %s the run is told so",
    async (onTimeout, approved) => {
      const clock = createTestClock();
      await using node = await startTestNode({ workflows: [asking], clock }, kind);
      const run = await node.runs.start(ana, { workflow: "asking", input: onTimeout });
      await reaches(node, run, "waiting");
      clock.advance(day);
      expect(await completes(node, run, clock)).toMatchObject({ output: { status: "timed_out", approved } });
    },
  );

  test("nothing strikes early, not even when the clock is put back", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [asking], clock }, kind);
    const run = await node.runs.start(ana, { workflow: "asking", input: "time_out" });
    const waiting = await reaches(node, run, "waiting");
    for (const ms of [day - 2 * minute, -7 * day, 7 * day]) {
      clock.advance(ms);
      await looked(node, clock);
      expect(await statusOf(node, gateOf(waiting, "ask").approvalId)).toBe("pending");
    }
    clock.advance(2 * minute);
    await completes(node, run, clock);
  });
});

test.each(["30d", "400d"])("a sleep of %s ends when it is over and not before", async (duration) => {
  const clock = createTestClock();
  const sleepy = workflow("sleepy", { version: 1 }, async (run) => run.sleep("nap", duration));
  await using node = await startTestNode({ workflows: [sleepy], clock });
  const run = await node.runs.start(ana, { workflow: "sleepy", input: null });
  await reaches(node, run, "waiting");
  for (let passed = 0; passed + 10 * day < durationMs(duration); passed += 10 * day) {
    clock.advance(10 * day);
    await looked(node, clock);
  }
  expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "waiting" });
  clock.advance(10 * day);
  await completes(node, run, clock);
});

test("a machine's timer that can't hold a wait of 30 days does not strike at once", async () => {
  const sleepy = workflow("sleepy", { version: 1 }, async (run) => run.sleep("nap", "30d"));
  const short = workflow("short", { version: 1 }, async (run) => run.sleep("nap", "1ms"));
  await using node = await startTestNode({ workflows: [sleepy, short] });
  const run = await node.runs.start(ana, { workflow: "sleepy", input: null });
  await reaches(node, run, "waiting");
  const after = await node.runs.start(ana, { workflow: "short", input: null });
  await node.runs.wait(ana, after.id);
  expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "waiting" });
});

test("sleeps that end together let a race be won by the shorter one", async () => {
  const clock = createTestClock();
  const race = workflow("race", { version: 1 }, async (run) => {
    const long = run.sleep("long", "2h").then(() => "long");
    const short = run.sleep("short", "1h").then(() => "short");
    const winner = await Promise.race([long, short]);
    await run.sleep("after", "1h");
    return winner;
  });
  await using node = await startTestNode({ workflows: [race], clock });
  const run = await node.runs.start(ana, { workflow: "race", input: null });
  await reaches(node, run, "waiting");
  clock.advance(durationMs("3h"));
  await reaches(node, run, ({ steps, status }) => status === "waiting" && steps?.length === 3);
  clock.advance(durationMs("1h"));
  expect(await completes(node, run, clock)).toMatchObject({ output: "short" });
});

test("a sleep ends while another step of the run is still executing", async () => {
  const clock = createTestClock();
  const finish = Promise.withResolvers<string>();
  const mixed = workflow("mixed", { version: 1 }, async (run) => {
    const slow = run.step("slow", () => finish.promise);
    await run.sleep("nap", "1h");
    await run.step("woken", () => "woken");
    return slow;
  });
  await using node = await startTestNode({ workflows: [mixed], clock });
  const run = await node.runs.start(ana, { workflow: "mixed", input: null });
  await reaches(node, run, ({ steps }) => steps?.some((step) => step.name === "nap") ?? false);
  clock.advance(durationMs("1h"));
  await reaches(node, run, ({ steps }) => {
    clock.advance(1_000);
    return steps?.some((step) => step.name === "woken") ?? false;
  });
  finish.resolve("slow");
  await reaches(node, run, "completed");
});

test("what came due while the server was down strikes when it is up again", async () => {
  const clock = createTestClock();
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  const before = await startNode(location(), { workflows: [asking], clock });
  const run = await before.runs.start(ana, { workflow: "asking", input: "time_out" });
  await reaches(before, run, "waiting");
  await before.crash();
  clock.advance(3 * day);
  const after = await startNode(location(), { workflows: [asking], clock });
  expect(await reaches(after, run, "completed")).toMatchObject({ output: { status: "timed_out" } });
  await after.stop();
});

test("hundreds of deadlines that strike together are all met", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [], clock });
  await Promise.all(Array.from({ length: 500 }, (_, n) => ask(node, { title: `${n}`, timeout: "1h" })));
  clock.advance(durationMs("1h"));
  await eventually(async () => {
    clock.advance(1_000);
    return (await nextDueAt(node.store.reader)) === undefined;
  });
});

describe.each(sharedTestDatabases)("two nodes on $name", (kind) => {
  test("a deadline that both see strikes once", async () => {
    const clock = createTestClock();
    await using database = await kind.create();
    const one = await startNode(database.location(), { workflows: [asking], clock });
    const two = await startNode(database.location(), { workflows: [asking], clock });
    const runs = await Promise.all([1, 2, 3].map(() => one.runs.start(ana, { workflow: "asking", input: "approve" })));
    const waiting = await Promise.all(runs.map((run) => reaches(one, run, "waiting")));
    clock.advance(day);
    for (const run of waiting) {
      await completes(two, run, clock);
      const events = await eventsOfApproval(one.store.reader, "default", gateOf(run, "ask").approvalId, {
        limit: 10,
      });
      expect(events.map(({ type }) => type)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
    }
    await one.stop();
    await two.stop();
  });
});

test("a decision and a time-out at once leave one of them the winner", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [asking], clock });
  for (let round = 0; round < 10; round++) {
    const run = await node.runs.start(ana, { workflow: "asking", input: "time_out" });
    const waiting = await reaches(node, run, "waiting");
    clock.advance(day);
    const decided = await decide(node, waiting, "ask", { approved: true }).then(
      () => "approved",
      () => "timed_out",
    );
    expect(await completes(node, run, clock)).toMatchObject({ output: { status: decided } });
  }
});

async function statusOf(node: RunsNode, id: string): Promise<string | undefined> {
  return (await getApproval(node.store.reader, "default", id))?.status;
}
