import { type Run, type RunContext, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock, type TestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

const ask = (run: RunContext, gate: string) => run.approval(gate, { title: gate });
const wentOn = (winner: string) => `The run went on without this: "${winner}" came first.`;
const stepOf = ({ steps }: Run, name: string) => steps?.find((step) => step.name === name);
/** Whether a run is paused where it waits for this. */
const pausedAt = (name: string) => (run: Run) => run.status === "waiting" && stepOf(run, name)?.status === "waiting";
const start = (node: RunsNode, name: string) => node.runs.start(ana, { workflow: name, input: null });

const two = workflow("two", { version: 1 }, async (run) => {
  const { approvalId } = await Promise.race([ask(run, "one"), ask(run, "other")]);
  await ask(run, "after");
  return approvalId;
});

describe.each(testDatabases)("a plain race on $name", (kind) => {
  test("its loser leaves the inbox when the run pauses again, and late responders are told why", async () => {
    await using node = await startTestNode({ workflows: [two] }, kind);
    const run = await start(node, "two");
    const waiting = await reaches(node, run, "waiting");
    await decide(node, waiting, "one", { approved: true });
    const later = await reaches(node, run, pausedAt("after"));
    const loser = gateOf(later, "other");
    expect(loser).toMatchObject({ status: "completed", output: { status: "cancelled", reason: wentOn("one") } });
    await expect(respond(node.ctx, bo, loser.approvalId, { approved: true })).rejects.toMatchObject({
      code: "already_resolved",
      details: { outcome: { status: "cancelled", reason: wentOn("one") } },
    });
    await decide(node, later, "after", { approved: true });
    // Both have settled by now, and the one that came first wins all the same.
    expect((await node.runs.wait(ana, run.id)).output).toBe(gateOf(later, "one").approvalId);
  });

  test("Promise.any: a failure ends nothing, and what loses against a success leaves the inbox", async () => {
    const any = workflow("any", { version: 1 }, async (run) => {
      void ask(run, "beside");
      await Promise.any([run.step("bad", () => Promise.reject(new Error("no")), { retries: 0 }), ask(run, "one")]);
      await Promise.any([ask(run, "two"), ask(run, "three")]);
      await ask(run, "after");
    });
    await using node = await startTestNode({ workflows: [any] }, kind);
    const run = await start(node, "any");
    const waiting = await reaches(node, run, pausedAt("one"));
    expect(stepOf(waiting, "bad")).toMatchObject({ status: "failed" });
    await decide(node, waiting, "one", { approved: true });
    await decide(node, await reaches(node, run, pausedAt("three")), "three", { approved: false });
    const later = await reaches(node, run, pausedAt("after"));
    expect(stepOf(later, "two")).toMatchObject({ output: { status: "cancelled", reason: wentOn("three") } });
  });
});

test("a process that dies between the win and the withdrawal withdraws after its restart", async () => {
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  const never = new Promise<never>(() => undefined);
  const withdrawing = Promise.withResolvers<void>();
  const failpoint = (name: string) => {
    if (name !== "before-withdraw") return undefined;
    withdrawing.resolve();
    return never;
  };
  const before = await startNode(location(), { workflows: [two], failpoint });
  const run = await start(before, "two");
  const waiting = await reaches(before, run, "waiting");
  const { approvalId } = gateOf(waiting, "other");
  await decide(before, waiting, "one", { approved: true });
  await withdrawing.promise;
  expect(await getApproval(before.store.reader, "default", approvalId)).toMatchObject({ status: "pending" });
  await before.crash();
  const after = await startNode(location(), { workflows: [two] });
  const later = await reaches(after, run, pausedAt("after"));
  expect(stepOf(later, "other")).toMatchObject({ output: { status: "cancelled", reason: wentOn("one") } });
  await decide(after, later, "after", { approved: true });
  expect((await after.runs.wait(ana, run.id)).output).toBe(gateOf(later, "one").approvalId);
  await after.stop();
});

test("a gate that loses against time leaves the inbox; awaited later, it was cancelled", async () => {
  const clock = createTestClock();
  const late = workflow("late", { version: 1 }, async (run) => {
    const answer = run.question("answer", { title: "Well?" });
    const first = await Promise.race([answer, run.sleep("patience", "1h")]);
    await ask(run, "after");
    return [first ?? "nobody", (await answer).status];
  });
  await using node = await startTestNode({ workflows: [late], clock });
  const run = await start(node, "late");
  await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  const later = await reaches(node, run, pausedAt("after"));
  expect(stepOf(later, "answer")).toMatchObject({ output: { status: "cancelled", reason: wentOn("patience") } });
  await decide(node, later, "after", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["nobody", "cancelled"]);
});

test("a gate that is listened to otherwise, or is in a race that is open, stays where it is", async () => {
  const heard = workflow("heard", { version: 1 }, async (run) => {
    const wins = ask(run, "wins");
    const gates = ["awaited", "then", "all", "open", "silent", "loses"].map((gate) => ask(run, gate));
    const [awaited, chained, all, open, , loses] = gates;
    const status = async () => (await awaited)?.status;
    void status();
    void chained?.then(() => undefined);
    void Promise.all([all, run.sleep("long", "1h")]);
    void Promise.race([open, ask(run, "beside")]);
    await Promise.race([wins, awaited, chained, all, open, loses]);
    await ask(run, "after");
  });
  await using node = await startTestNode({ workflows: [heard] });
  const run = await start(node, "heard");
  await decide(node, await reaches(node, run, "waiting"), "wins", { approved: true });
  const later = await reaches(node, run, pausedAt("after"));
  const approvals = await approvalsOfRun(node.store.reader, "default", run.id);
  const pending = approvals.filter(({ status }) => status === "pending").map(({ source }) => source?.gate);
  expect(pending.sort()).toEqual(["after", "all", "awaited", "beside", "open", "silent", "then"]);
  expect(stepOf(later, "loses")).toMatchObject({ output: { reason: wentOn("wins") } });
});

describe.each(testDatabases)("a plain race of what then has made, on $name", (kind) => {
  test("its losers leave the inbox, at any depth, and their callbacks get the cancelled outcome", async () => {
    const heard: string[] = [];
    const statusOf = ({ status }: { status: string }) => status;
    const derived = workflow("derived", { version: 1 }, async (run) => {
      const note = (status: string) => void heard.push(status);
      const fail = (status: string) => Promise.reject(new Error(status));
      const first = await Promise.race([
        ask(run, "then").then(statusOf),
        ask(run, "catch").then(statusOf).then(fail).catch(String),
        ask(run, "finally")
          .finally(() => undefined)
          .then(statusOf)
          .then(note),
        ask(run, "wins").then(statusOf),
      ]);
      await ask(run, "after");
      return first;
    });
    await using node = await startTestNode({ workflows: [derived] }, kind);
    const run = await start(node, "derived");
    await decide(node, await reaches(node, run, "waiting"), "wins", { approved: true });
    const later = await reaches(node, run, pausedAt("after"));
    for (const gate of ["then", "catch", "finally"]) {
      expect(stepOf(later, gate)).toMatchObject({ output: { status: "cancelled", reason: wentOn("wins") } });
    }
    expect(heard).toContain("cancelled");
    await decide(node, later, "after", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
  });

  test("what a loser's callback does with the cancelled outcome is done once, and replayed", async () => {
    const clock = createTestClock();
    let told = 0;
    const telling = workflow("telling", { version: 1 }, async (run) => {
      const answer = ask(run, "answer").then(async ({ status }) => {
        await run.step("tell", () => {
          told += 1;
        });
        return status;
      });
      const first = await Promise.race([answer, run.sleep("late", "1h").then(() => "late")]);
      await ask(run, "after");
      return [first, await answer];
    });
    await using node = await startTestNode({ workflows: [telling], clock }, kind);
    const run = await start(node, "telling");
    await reaches(node, run, "waiting");
    clock.advance(3_600_000);
    const later = await reaches(node, run, pausedAt("after"));
    expect(stepOf(later, "answer")).toMatchObject({ output: { status: "cancelled", reason: wentOn("late") } });
    await reaches(node, run, (now) => pausedAt("after")(now) && stepOf(now, "tell")?.status === "completed");
    await decide(node, later, "after", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["late", "cancelled"]);
    expect(told).toBe(1);
  });
});

test("what then has made of a gate keeps it open while anything but a lost race listens", async () => {
  const kept = workflow("kept", { version: 1 }, async (run) => {
    const statusOf = ({ status }: { status: string }) => status;
    const wins = ask(run, "wins");
    const gates = ["awaited", "callback", "all", "open", "beside", "loses"].map((gate) => ask(run, gate));
    const [awaited, called, all, open, beside, loses] = gates.map((gate) => gate.then(statusOf));
    void (async () => void (await awaited))();
    void called?.then(() => undefined);
    void Promise.all([all, run.sleep("long", "1h")]);
    void Promise.race([open, run.sleep("longer", "2h")]);
    void gates[4]?.then(() => undefined);
    await Promise.race([wins, awaited, called, all, open, beside, loses]);
    await ask(run, "after");
  });
  await using node = await startTestNode({ workflows: [kept] });
  const run = await start(node, "kept");
  await decide(node, await reaches(node, run, "waiting"), "wins", { approved: true });
  const later = await reaches(node, run, pausedAt("after"));
  const approvals = await approvalsOfRun(node.store.reader, "default", run.id);
  const pending = approvals.filter(({ status }) => status === "pending").map(({ source }) => source?.gate);
  expect(pending.sort()).toEqual(["after", "all", "awaited", "beside", "callback", "open"]);
  expect(stepOf(later, "loses")).toMatchObject({ output: { reason: wentOn("wins") } });
});

test("a gate that a callback goes on with wins and loses races for what it is a part of", async () => {
  const clock = createTestClock();
  const escalating = workflow("escalating", { version: 1 }, async (run) => {
    const turn = async (gate: string) => {
      const manager = run.sleep(`patience of ${gate}`, "1h").then(() => ask(run, `above ${gate}`));
      const { approvalId } = await Promise.race([ask(run, gate), manager.then((review) => review)]);
      return approvalId;
    };
    const turns = [await turn("one"), await turn("two")];
    await ask(run, "after");
    return turns;
  });
  await using node = await startTestNode({ workflows: [escalating], clock });
  const run = await start(node, "escalating");
  await reaches(node, run, pausedAt("one"));
  clock.advance(3_600_000);
  await decide(node, await reaches(node, run, pausedAt("above one")), "one", { approved: true });
  const second = await reaches(node, run, pausedAt("two"));
  expect(stepOf(second, "above one")).toMatchObject({ output: { status: "cancelled", reason: wentOn("one") } });
  clock.advance(3_600_000);
  await decide(node, await reaches(node, run, pausedAt("above two")), "above two", { approved: true });
  const later = await reaches(node, run, pausedAt("after"));
  expect(stepOf(later, "two")).toMatchObject({ output: { status: "cancelled", reason: wentOn("above two") } });
  await decide(node, later, "after", { approved: true });
  const won = [gateOf(later, "one").approvalId, gateOf(later, "above two").approvalId];
  expect((await node.runs.wait(ana, run.id)).output).toEqual(won);
});

test("members of Promise.all are never withdrawn, not when one of them has failed either", async () => {
  const all = workflow("all", { version: 1 }, async (run) => {
    const bad = run.step("bad", () => Promise.reject(new Error("no")), { retries: 0 });
    await Promise.all([ask(run, "one"), bad, ask(run, "two")]).catch(() => undefined);
    await ask(run, "after");
  });
  await using node = await startTestNode({ workflows: [all] });
  const run = await reaches(node, await start(node, "all"), pausedAt("after"));
  for (const gate of ["one", "two"]) expect(stepOf(run, gate)).toMatchObject({ status: "waiting" });
});

test("functions of the handler's own that several gates share make no race", async () => {
  const shared = workflow("shared", { version: 1 }, async (run) => {
    const heard: string[] = [];
    const hear = ({ status }: { status: string }) => void heard.push(status);
    const gates = [ask(run, "one"), ask(run, "two")];
    for (const gate of gates) void Promise.resolve(gate).then(hear, hear);
    await gates[0];
    await ask(run, "after");
    await gates[1];
    return heard;
  });
  await using node = await startTestNode({ workflows: [shared] });
  const run = await start(node, "shared");
  await decide(node, await reaches(node, run, "waiting"), "one", { approved: true });
  const later = await reaches(node, run, pausedAt("after"));
  await decide(node, later, "two", { approved: false });
  await decide(node, later, "after", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["approved", "rejected"]);
});

test("a loop that reminds people between races keeps its approval open until it is decided", async () => {
  const clock = createTestClock();
  let reminded = 0;
  const reminding = workflow("reminding", { version: 1 }, async (run) => {
    const answer = ask(run, "answer");
    for (;;) {
      const first = await Promise.race([answer, run.sleep("patience", "1h")]);
      if (first) return first.status;
      await run.notify({ message: "Still waiting", destination: { type: "email", email: "bo@example.com" } });
      const failsOnce = ({ attempt }: { attempt: number }) => {
        if (attempt === 1) throw new Error("Busy");
        reminded += 1;
      };
      await run.step("remind", failsOnce, { backoff: "30m" });
    }
  });
  await using node = await startTestNode({ workflows: [reminding], clock });
  const run = await start(node, "reminding");
  const asked = gateOf(await reaches(node, run, "waiting"), "answer");
  for (const turn of ["", "#2", "#3"]) {
    await reaches(node, run, pausedAt(`patience${turn}`));
    clock.advance(3_600_000);
    // The step is to be tried again: the run is paused, but not for others.
    await reaches(node, run, pausedAt(`remind${turn}`));
    clock.advance(3_600_000);
  }
  const waiting = await reaches(node, run, pausedAt("patience#4"));
  expect(reminded).toBe(3);
  expect(gateOf(waiting, "answer").approvalId).toBe(asked.approvalId);
  await decide(node, waiting, "answer", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
  expect(await approvalsOfRun(node.store.reader, "default", run.id)).toMatchObject([{ id: asked.approvalId }]);
});

test("what the run waits for but ends at once is no pause", async () => {
  const paid = workflow("paid", { version: 1 }, async (run) => {
    const answer = ask(run, "answer");
    await Promise.race([answer, run.waitForEvent("first", { event: "paid" })]);
    await run.waitForEvent("second", { event: "shipped" });
    return (await answer).status;
  });
  await using node = await startTestNode({ workflows: [paid] });
  const run = await start(node, "paid");
  const waiting = await reaches(node, run, "waiting");
  await node.runs.send(ana, { name: "shipped", data: null });
  await node.runs.send(ana, { name: "paid", data: null });
  await reaches(node, run, (now) => stepOf(now, "second")?.status === "completed");
  await decide(node, waiting, "answer", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test("a gate that has lost before it was asked asks nobody, until the run waits for it", async () => {
  const decided = workflow("decided", { version: 1 }, async (run) => {
    const early = run.sleep("early", "1ms");
    await early;
    const moot = ask(run, "moot");
    await Promise.race([early, moot]);
    await ask(run, "after");
    return (await moot).status;
  });
  await using node = await startTestNode({ workflows: [decided] });
  const run = await start(node, "decided");
  const later = await reaches(node, run, pausedAt("after"));
  expect(stepOf(later, "moot")).toBeUndefined();
  await decide(node, later, "after", { approved: true });
  await decide(node, await reaches(node, run, pausedAt("moot")), "moot", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test("a gate that has lost stays while nothing else is open: the handler may be at something of its own", async () => {
  const own = workflow("own", { version: 1 }, async (run) => {
    const early = run.sleep("early", "1ms");
    await early;
    const answer = ask(run, "answer");
    await Promise.race([early, answer]);
    await new Promise(setImmediate);
    return (await answer).status;
  });
  await using node = await startTestNode({ workflows: [own] });
  const run = await start(node, "own");
  await decide(node, await reaches(node, run, pausedAt("answer")), "answer", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test("a step that has lost holds nothing up while it executes, and what lost with it can be awaited at once", async () => {
  const slow = Promise.withResolvers<void>();
  const overtaken = workflow("overtaken", { version: 1 }, async (run) => {
    const two = ask(run, "two");
    await Promise.race([run.step("slow", () => slow.promise), ask(run, "one"), two]);
    await ask(run, "after");
    return (await two).status;
  });
  await using node = await startTestNode({ workflows: [overtaken] });
  const run = await start(node, "overtaken");
  const asks = (gate: string) => reaches(node, run, (now) => stepOf(now, gate)?.approvalId !== undefined);
  await decide(node, await asks("one"), "one", { approved: true });
  const later = await reaches(node, run, (now) => stepOf(now, "two")?.status === "completed");
  expect(stepOf(later, "two")).toMatchObject({ output: { status: "cancelled", reason: wentOn("one") } });
  await decide(node, await asks("after"), "after", { approved: true });
  expect((await reaches(node, run, "completed")).output).toBe("cancelled");
  slow.resolve();
});

describe.each(testDatabases)("an event and time in a plain race, on $name", (kind) => {
  /** Waits for the event, then asks, then waits for it once more. */
  const patient = workflow("patient", { version: 1 }, async (run) => {
    const paid = run.waitForEvent("payment", { event: "paid" });
    if (await Promise.race([paid, run.sleep("due", "7d")])) return "paid";
    await ask(run, "extend");
    const late = await run.waitForEvent("late payment", { event: "paid", timeout: "7d" });
    return late ? ["paid late", late.data] : "unpaid";
  });

  test("an event that comes after the race is there for the next wait", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [patient], clock }, kind);
    const run = await start(node, "patient");
    await reaches(node, run, "waiting");
    clock.advance(7 * 86_400_000);
    await reaches(node, run, pausedAt("extend"));
    await node.runs.send(ana, { name: "paid", data: 1 });
    await decide(node, await reaches(node, run, pausedAt("extend")), "extend", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["paid late", 1]);
  });

  test("an event that comes while a step executes is there for the next turn of a loop, once", async () => {
    const clock = createTestClock();
    const reminding = Promise.withResolvers<void>();
    const reminded = Promise.withResolvers<void>();
    const loop = workflow("loop", { version: 1 }, async (run) => {
      const heard: unknown[] = [];
      for (let n = 0; n < 3; n++) {
        const reply = await Promise.race([run.waitForEvent("reply", { event: "reply" }), run.sleep("patience", "1h")]);
        if (reply) heard.push(reply.data);
        await run.step("remind", async () => {
          reminding.resolve();
          await reminded.promise;
        });
      }
      return heard;
    });
    await using node = await startTestNode({ workflows: [loop], clock }, kind);
    const run = await start(node, "loop");
    await reaches(node, run, "waiting");
    clock.advance(3_600_000);
    await reminding.promise;
    await node.runs.send(ana, { name: "reply", data: "yes" });
    reminded.resolve();
    await reaches(node, run, pausedAt("patience#3"));
    clock.advance(3_600_000);
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["yes"]);
  });

  /** Two waits for one event, the first of which has lost before any came. */
  const overdue = workflow("overdue", { version: 1 }, async (run, timeout: string | null) => {
    const first = run.waitForEvent("first", { event: "reply", ...(timeout && { timeout }) });
    await Promise.race([first, run.sleep("patience", "1h")]);
    await ask(run, "work");
    const second = await run.waitForEvent("second", { event: "reply" });
    await ask(run, "more");
    return [second?.data, (await first)?.data ?? null];
  });

  const startOverdue = async (node: RunsNode, clock: TestClock, timeout: string | null) => {
    const run = await node.runs.start(ana, { workflow: "overdue", input: timeout });
    await reaches(node, run, "waiting");
    clock.advance(3_600_000);
    return run;
  };
  const decideAt = async (node: RunsNode, run: Run, gate: string) =>
    decide(node, await reaches(node, run, pausedAt(gate)), gate, { approved: true });

  test("a wait whose event the next one took gets the one after it, when it is awaited later", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [overdue], clock }, kind);
    const run = await startOverdue(node, clock, null);
    await reaches(node, run, pausedAt("work"));
    for (const data of [1, 2]) await node.runs.send(ana, { name: "reply", data });
    await decideAt(node, run, "work");
    await decideAt(node, run, "more");
    expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
  });

  test("a wait whose event the next one took goes on waiting", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [overdue], clock }, kind);
    const run = await startOverdue(node, clock, null);
    await reaches(node, run, pausedAt("work"));
    await node.runs.send(ana, { name: "reply", data: 1 });
    await decideAt(node, run, "work");
    await decideAt(node, run, "more");
    expect(stepOf(await reaches(node, run, pausedAt("first")), "first")).not.toHaveProperty("output");
    await node.runs.send(ana, { name: "reply", data: 2 });
    expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
  });

  test("a wait whose event the next one took ends with its time, as it would have without", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [overdue], clock }, kind);
    const run = await startOverdue(node, clock, "1d");
    await reaches(node, run, pausedAt("work"));
    await node.runs.send(ana, { name: "reply", data: 1 });
    await decideAt(node, run, "work");
    await decideAt(node, run, "more");
    await reaches(node, run, pausedAt("first"));
    clock.advance(86_400_000);
    expect((await node.runs.wait(ana, run.id)).output).toEqual([1, null]);
  });

  test("a wait that nothing else took from keeps its event for whoever awaits it later", async () => {
    const clock = createTestClock();
    const late = workflow("late", { version: 1 }, async (run) => {
      const first = run.waitForEvent("first", { event: "reply" });
      await Promise.race([first, run.sleep("patience", "1h")]);
      await ask(run, "work");
      const other = await run.waitForEvent("other", { event: "reply", match: { "data.urgent": true } });
      return [other?.data, (await first)?.data];
    });
    await using node = await startTestNode({ workflows: [late], clock }, kind);
    const run = await start(node, "late");
    await reaches(node, run, "waiting");
    clock.advance(3_600_000);
    await reaches(node, run, pausedAt("work"));
    await node.runs.send(ana, { name: "reply", data: 1 });
    await decideAt(node, run, "work");
    await reaches(node, run, pausedAt("other"));
    await node.runs.send(ana, { name: "reply", data: { urgent: true } });
    expect((await node.runs.wait(ana, run.id)).output).toEqual([{ urgent: true }, 1]);
  });

  test.each([true, false])("so it is while a step executes (awaited in the same pass: %s)", async (samePass) => {
    const clock = createTestClock();
    const slow = Promise.withResolvers<void>();
    const busy = workflow("busy", { version: 1 }, async (run) => {
      const first = run.waitForEvent("first", { event: "reply" });
      await Promise.race([first, run.sleep("patience", "1h")]);
      const slowly = run.step("slow", () => slow.promise);
      await run.waitForEvent("go", { event: "go" });
      const second = await run.waitForEvent("second", { event: "reply" });
      if (!samePass) await slowly;
      return [second?.data, (await first)?.data];
    });
    await using node = await startTestNode({ workflows: [busy], clock }, kind);
    const run = await start(node, "busy");
    await reaches(node, run, "waiting");
    clock.advance(3_600_000);
    await reaches(node, run, (now) => stepOf(now, "go")?.status === "waiting");
    await node.runs.send(ana, { name: "reply", data: 1 });
    await reaches(node, run, (now) => stepOf(now, "first")?.status === "completed");
    await node.runs.send(ana, { name: "go", data: null });
    await reaches(node, run, (now) => stepOf(now, "second")?.status === "completed");
    expect(stepOf(await reaches(node, run, "running"), "first")).toMatchObject({ status: "waiting" });
    await node.runs.send(ana, { name: "reply", data: 2 });
    if (samePass) expect((await reaches(node, run, "completed")).output).toEqual([1, 2]);
    slow.resolve();
    expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
  });
});

test("an event that comes between races of one wait for it ends the next race, and is had then", async () => {
  const clock = createTestClock();
  const reminding = Promise.withResolvers<void>();
  const reminded = Promise.withResolvers<void>();
  const kept = workflow("kept", { version: 1 }, async (run) => {
    const reply = run.waitForEvent("reply", { event: "reply" });
    for (;;) {
      const first = await Promise.race([reply, run.sleep("patience", "1h")]);
      if (first) break;
      await run.step("remind", async () => {
        reminding.resolve();
        await reminded.promise;
      });
    }
    const next = await run.waitForEvent("next", { event: "reply" });
    return next?.data ?? null;
  });
  await using node = await startTestNode({ workflows: [kept], clock });
  const run = await start(node, "kept");
  await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  await reminding.promise;
  await node.runs.send(ana, { name: "reply", data: 1 });
  reminded.resolve();
  await reaches(node, run, pausedAt("next"));
  await node.runs.send(ana, { name: "reply", data: 2 });
  expect((await node.runs.wait(ana, run.id)).output).toBe(2);
});

test("a sleep that has lost wakes the run no more, and is as long as ever when it races again", async () => {
  const clock = createTestClock();
  let calls = 0;
  const until = workflow("until", { version: 1 }, async (run) => {
    calls += 1;
    const deadline = run.sleep("deadline", "2h");
    const heard: unknown[] = [];
    for (;;) {
      const event = await Promise.race([run.waitForEvent("news", { event: "news" }), deadline]);
      if (!event) return heard;
      heard.push(event.data);
      await ask(run, "check");
    }
  });
  await using node = await startTestNode({ workflows: [until], clock });
  const run = await start(node, "until");
  await reaches(node, run, "waiting");
  await node.runs.send(ana, { name: "news", data: 1 });
  await decide(node, await reaches(node, run, pausedAt("check")), "check", { approved: true });
  await reaches(node, run, pausedAt("news#2"));
  await node.runs.send(ana, { name: "news", data: 2 });
  const paused = await reaches(node, run, pausedAt("check#2"));
  const due = await node.store.reader.selectFrom("runs").select("wake_at").where("id", "=", run.id).execute();
  expect(due).toEqual([{ wake_at: null }]);
  const before = calls;
  clock.advance(3 * 3_600_000);
  await node.store.ping();
  expect(calls).toBe(before);
  await decide(node, paused, "check#2", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
});

describe.each(testDatabases)("a sleep that has lost and races a step, on $name", (kind) => {
  /** A deadline that loses, and then wins against a step. */
  const limited = ({ began, slow }: { began: () => void; slow: Promise<void> }) =>
    workflow("limited", { version: 1 }, async (run) => {
      const deadline = run.sleep("deadline", "2h").then(() => "too late");
      await Promise.race([ask(run, "one"), deadline]);
      await run.waitForEvent("go", { event: "go" });
      const slowly = run.step("slow", async () => {
        began();
        await slow;
      });
      return Promise.race([slowly, deadline]);
    });

  test.each([true, false])("ends while that executes (the run paused between: %s)", async (paused) => {
    const clock = createTestClock();
    const [began, slow] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using node = await startTestNode(
      { workflows: [limited({ began: began.resolve, slow: slow.promise })], clock },
      kind,
    );
    const run = await start(node, "limited");
    const asked = await reaches(node, run, pausedAt("one"));
    if (!paused) await node.runs.send(ana, { name: "go", data: null });
    await decide(node, asked, "one", { approved: true });
    if (paused) {
      await reaches(node, run, pausedAt("go"));
      await node.runs.send(ana, { name: "go", data: null });
    }
    await began.promise;
    const isDue = async () => {
      const rows = await node.store.reader.selectFrom("runs").select("wake_at").where("id", "=", run.id).execute();
      return rows[0]?.wake_at !== null;
    };
    await eventually(isDue);
    clock.advance(2 * 3_600_000);
    expect((await reaches(node, run, "completed")).output).toBe("too late");
    slow.resolve();
  });
});

test("what was let go of is had by a callback that goes on with it", async () => {
  const clock = createTestClock();
  const slow = Promise.withResolvers<void>();
  const following = workflow("following", { version: 1 }, async (run) => {
    const reply = run.waitForEvent("reply", { event: "reply" });
    await Promise.race([reply, run.sleep("patience", "1h")]);
    await run.step("slow", () => slow.promise);
    const late = await ask(run, "more").then(() => reply);
    return late?.data;
  });
  await using node = await startTestNode({ workflows: [following], clock });
  const run = await start(node, "following");
  await reaches(node, run, pausedAt("patience"));
  clock.advance(3_600_000);
  await reaches(node, run, "running");
  await node.runs.send(ana, { name: "reply", data: 1 });
  slow.resolve();
  await decide(node, await reaches(node, run, pausedAt("more")), "more", { approved: true });
  expect((await reaches(node, run, "completed")).output).toBe(1);
});

test("who listens to a lost wait while another takes its event gets the next one", async () => {
  const clock = createTestClock();
  const slow = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<void>();
  const [committing, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let holds = false;
  const failpoint = async (name: string) => {
    if (name !== "before-commit" || !holds) return;
    holds = false;
    committing.resolve();
    await committed.promise;
  };
  const busy = workflow("busy", { version: 1 }, async (run) => {
    const first = run.waitForEvent("first", { event: "reply" });
    await Promise.race([first, run.sleep("patience", "1h")]);
    const slowly = run.step("slow", () => slow.promise);
    const take = async () => {
      await run.waitForEvent("go", { event: "go" });
      holds = true;
      return (await run.waitForEvent("second", { event: "reply" }))?.data;
    };
    const listen = async () => {
      await listening.promise;
      return (await first)?.data;
    };
    const heard = await Promise.all([take(), listen()]);
    await slowly;
    return heard;
  });
  await using node = await startTestNode({ workflows: [busy], clock, failpoint });
  const run = await start(node, "busy");
  await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  await reaches(node, run, (now) => stepOf(now, "go")?.status === "waiting");
  await node.runs.send(ana, { name: "reply", data: 1 });
  await reaches(node, run, (now) => stepOf(now, "first")?.status === "completed");
  await node.runs.send(ana, { name: "go", data: null });
  await committing.promise;
  listening.resolve();
  await new Promise(setImmediate);
  committed.resolve();
  await reaches(node, run, (now) => stepOf(now, "second")?.status === "completed");
  await node.runs.send(ana, { name: "reply", data: 2 });
  slow.resolve();
  expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
});
