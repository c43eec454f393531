import { durationMs, type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { startNode } from "../runs/test-node.ts";
import { ana, eventually, gateOf, reaches } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { completes, looked, storyOf } from "./test-time.ts";

/** Timers hold no more, in ms: they strike at once. */
const longestTimerMs = 2 ** 31 - 1;
const day = durationMs("1d");

/** A clock whose timers fail as a machine's do; `longest` is the longest that was set, in ms. */
function machineClock() {
  const clock = createTestClock();
  let longest = 0;
  const after: Clock["after"] = (ms, listener) => {
    longest = Math.max(longest, ms);
    return clock.after(ms > longestTimerMs ? 1 : ms, listener);
  };
  return { ...clock, after, longest: () => longest };
}

const start = Date.parse("2026-01-01T00:00:00.000Z");

const patient = workflow("patient", { version: 1 }, async (run) => {
  const ends: string[] = [];
  const end = (name: string) => () => void ends.push(name);
  const ladder = [{ after: "26d", remind: true as const }];
  const child = run.invoke("child", "endless", { input: null, timeout: "44d" });
  await Promise.all([
    run.sleep("sleep", "40d").then(end("sleep")),
    run.sleepUntil("until", new Date(start + 41 * day)).then(end("until")),
    run.waitForEvent("event", { event: "paid", timeout: "42d" }).then(end("event")),
    run.approval("ask", { title: "?", channels: ["ops"], ladder, timeout: "43d" }).then(end("ask")),
    child.catch(end("child")),
  ]);
  return ends;
});
const endless = workflow("endless", { version: 1 }, async (run) => run.waitForEvent("never", { event: "never" }));

const statuses = ({ steps }: Run) => Object.fromEntries(steps?.map(({ name, status }) => [name, status]) ?? []);

describe.each(testDatabases)("on $name", (kind) => {
  test("waits of more than 24.8 days, the most that timers hold, end in their time, across restarts too", async () => {
    await using database = await kind.create();
    const clock = machineClock();
    const open = () => {
      const outbox = { channels: { ops: { send: async () => ({}) } } };
      return startNode(database.location(), { workflows: [patient, endless], clock, outbox });
    };
    const first = await open();
    const run = await first.runs.start(ana, { workflow: "patient", input: null });
    const { approvalId } = gateOf(await reaches(first, run, "waiting"), "ask");
    clock.advance(25 * day);
    await looked(first, clock);
    expect(await storyOf(first, approvalId)).toEqual(["requested"]);
    expect(Object.values(statuses(await first.runs.get(ana, run.id)))).toEqual(Array(5).fill("waiting"));
    await first.crash();
    await using second = await open();
    await looked(second, clock);
    expect(Object.values(statuses(await second.runs.get(ana, run.id)))).toEqual(Array(5).fill("waiting"));
    clock.advance(start + 27 * day - clock.now());
    await eventually(async () => {
      clock.advance(1_000);
      return (await storyOf(second, approvalId)).includes("reminded");
    });
    for (const [days, name] of [
      [40, "sleep"],
      [41, "until"],
      [42, "event"],
      [43, "ask"],
    ] as const) {
      clock.advance(start + days * day - 3_600_000 - clock.now());
      await looked(second, clock);
      expect(statuses(await second.runs.get(ana, run.id))).toMatchObject({ [name]: "waiting" });
      clock.advance(2 * 3_600_000);
      await reaches(second, run, (now) => now.status === "waiting" && statuses(now)[name] === "completed");
    }
    expect(await getApproval(second.store.reader, "default", approvalId)).toMatchObject({ status: "timed_out" });
    clock.advance(start + 44 * day + 3_600_000 - clock.now());
    expect((await completes(second, run, clock)).output).toEqual(["sleep", "until", "event", "ask", "child"]);
    expect(clock.longest()).toBeLessThanOrEqual(longestTimerMs);
  });
});
