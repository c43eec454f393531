import { type Run, type RunContext, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

const hourMs = 3_600_000;
const start = (node: RunsNode, name: string) => node.runs.start(ana, { workflow: name, input: null });
const statuses = ({ steps }: Run) => Object.fromEntries(steps?.map(({ name, status }) => [name, status]) ?? []);
const ask = (gate: string) => (run: RunContext) => run.approval(gate, { title: gate });

describe.each(testDatabases)("retrying a run that had a race, on $name", (kind) => {
  test.each([
    ["a step that fails", "at once", 0],
    ["a step that fails", "after the clock went back", -hourMs],
    ["an error of its own", "at once", 0],
    ["an error of its own", "after the clock went back", -hourMs],
  ])("what had lost stays withdrawn, for %s %s", async (how, _when, back) => {
    const clock = createTestClock();
    const goOn = Promise.withResolvers<void>();
    const effects: string[] = [];
    let broken = true;
    const failing = workflow("failing", { version: 1 }, async (run) => {
      const work = async () => {
        effects.push("work");
        await goOn.promise;
      };
      const won = await run.race({
        work: (branch) => branch.step("work", work),
        nap: (branch) => branch.sleep("nap", "1d"),
        paid: (branch) => branch.waitForEvent("paid", { event: "paid" }),
        gate: ask("gate"),
        quick: (branch) => branch.step("quick", () => "won"),
      });
      // It pauses, so that what has lost is withdrawn.
      await run.sleepUntil("pause", new Date(clock.now()));
      await run.step("later", () => clock.advance(back));
      if (broken && how === "an error of its own") throw new Error("Oops");
      const send = () => (broken ? Promise.reject(new Error("send is down")) : "sent");
      await run.step("send", send, { retries: 0 });
      return won.branch;
    });
    await using node = await startTestNode({ workflows: [failing], clock }, kind);
    const run = await start(node, "failing");
    const lost = { work: "cancelled", nap: "cancelled", paid: "cancelled", gate: "completed" };
    const { approvalId } = gateOf(await reaches(node, run, "failed"), "gate");
    broken = false;
    await node.runs.retry(ana, run.id);
    const ended = await reaches(node, run, "completed");
    goOn.resolve();
    expect(ended.output).toBe("quick");
    expect(statuses(ended)).toMatchObject(lost);
    expect(gateOf(ended, "gate").approvalId).toBe(approvalId);
    expect(effects).toEqual(["work"]);
  });

  test("a race that fails with a branch's own error is run again, and nothing that it let go of wins", async () => {
    let broken = true;
    const racing = workflow("racing", { version: 1 }, async (run) => {
      const ended = await run.first(2, {
        own: async (branch) => {
          await branch.step("begin", () => "begun");
          if (broken) throw new Error("Oops");
        },
        gate: ask("gate"),
        paid: (branch) => branch.waitForEvent("paid", { event: "paid" }),
      });
      return ended.map(({ branch }) => branch);
    });
    await using node = await startTestNode({ workflows: [racing] }, kind);
    const run = await start(node, "racing");
    const withdrawn = gateOf(await reaches(node, run, "failed"), "gate");
    expect(withdrawn.output).toMatchObject({ status: "cancelled", reason: "The run has failed." });
    broken = false;
    await node.runs.retry(ana, run.id);
    const waiting = await reaches(node, run, "waiting");
    expect(gateOf(waiting, "gate").approvalId).not.toBe(withdrawn.approvalId);
    await node.runs.send(ana, { name: "paid", data: null });
    expect((await reaches(node, run, "completed")).output).toEqual(["own", "paid"]);
  });

  test("a race that failed before the run cleaned up is run again, even if the clock went back meanwhile", async () => {
    const clock = createTestClock();
    const failpoint = (name: string) => {
      if (name === "before-withdraw") clock.advance(-1_000);
    };
    let broken = true;
    const both = workflow("both", { version: 1 }, async (run) => {
      const work = () => (broken ? Promise.reject(new Error("work is down")) : "worked");
      const branches = {
        rested: (branch: RunContext) => branch.sleep("rest", "1h"),
        worked: async (branch: RunContext) => {
          await branch.approval("go", { title: "Go?" });
          await branch.step("work", work, { retries: 0 });
        },
      };
      const ended = await run.first(2, branches).catch(async (error) => {
        await run.step("clean up", () => "cleaned");
        throw error;
      });
      return ended.map(({ branch }) => branch);
    });
    await using node = await startTestNode({ workflows: [both], clock, failpoint }, kind);
    const run = await start(node, "both");
    await decide(node, await reaches(node, run, "waiting"), "go", { approved: true });
    expect(statuses(await reaches(node, run, "failed"))).toMatchObject({ rest: "cancelled", work: "failed" });
    broken = false;
    await node.runs.retry(ana, run.id);
    await reaches(node, run, "waiting");
    clock.advance(hourMs);
    expect((await reaches(node, run, "completed")).output).toEqual(["worked", "rested"]);
  });
});

test("a gate that lost a plain race and was awaited after it isn't asked again by a retry", async () => {
  const clock = createTestClock();
  let broken = true;
  const late = workflow("late", { version: 1 }, async (run) => {
    const answer = run.question("answer", { title: "Well?" });
    await Promise.race([answer, run.sleep("patience", "1h")]);
    await run.sleep("pause", "1h");
    const { status } = await answer;
    await run.step("later", () => clock.advance(-24 * hourMs));
    if (broken) throw new Error("Oops");
    return status;
  });
  await using node = await startTestNode({ workflows: [late], clock });
  const run = await start(node, "late");
  for (const sleep of ["patience", "pause"]) {
    await reaches(node, run, (now) => now.status === "waiting" && statuses(now)[sleep] === "waiting");
    clock.advance(hourMs);
  }
  await reaches(node, run, "failed");
  broken = false;
  await node.runs.retry(ana, run.id);
  const settled = await reaches(node, run, ({ status }) => status === "waiting" || status === "completed");
  expect(settled.output).toBe("cancelled");
});
