import { definePolicy, type Run, type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { listEvents } from "../store/events-table.ts";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

const asked = (gate: string) => (run: RunContext) => run.approval(gate, { title: gate });
const wentOn = 'The run went on without this: "one" came first.';

/** Two gates and a sleep race; then the run asks whether to go on. */
const race = workflow("race", { version: 1 }, async (run) => {
  const won = await run.race({ one: asked("one"), two: asked("two"), late: (branch) => branch.sleep("late", "1h") });
  await run.approval("after", { title: "Go on?" });
  return won.branch === "late" ? "late" : [won.branch, won.value.status];
});

describe.each(testDatabases)("a race on $name", (kind) => {
  test("the run goes on with the first, the others are withdrawn at once, and late responders are told why", async () => {
    await using node = await startTestNode({ workflows: [race] }, kind);
    const run = await node.runs.start(ana, { workflow: "race", input: null });
    const waiting = await reaches(node, run, "waiting");
    await decide(node, waiting, "one", { approved: true });
    const later = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 4);
    const loser = gateOf(later, "two");
    expect(loser).toMatchObject({ status: "completed", output: { status: "cancelled", reason: wentOn } });
    expect(later.steps?.find(({ name }) => name === "late")).toMatchObject({ status: "cancelled" });
    await expect(respond(node.ctx, bo, loser.approvalId, { approved: true })).rejects.toMatchObject({
      code: "already_resolved",
      details: { outcome: { status: "cancelled", reason: wentOn } },
    });
    await decide(node, later, "after", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["one", "approved"]);
    expect(await withdrawals(node, loser.approvalId)).toBe(1);
  });

  test("a loser that was decided meanwhile changes nothing", async () => {
    await using node = await startTestNode({ workflows: [race] }, kind);
    const run = await node.runs.start(ana, { workflow: "race", input: null });
    const waiting = await reaches(node, run, "waiting");
    await Promise.allSettled([
      decide(node, waiting, "one", { approved: true }),
      decide(node, waiting, "two", { approved: false }),
    ]);
    await reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "after") ?? false);
    await decide(node, await reaches(node, run, "waiting"), "after", { approved: true });
    const { output } = await node.runs.wait(ana, run.id);
    expect(output).toBeOneOf([
      ["one", "approved"],
      ["two", "rejected"],
    ]);
  });

  test("the first two of three go on, in the order they ended, and the third is withdrawn", async () => {
    const most = workflow("most", { version: 1 }, async (run) => {
      const won = await run.first(2, { one: asked("one"), two: asked("two"), three: asked("three") });
      return won.map(({ branch }) => branch);
    });
    await using node = await startTestNode({ workflows: [most] }, kind);
    const run = await node.runs.start(ana, { workflow: "most", input: null });
    const waiting = await reaches(node, run, "waiting");
    await decide(node, waiting, "three", { approved: true });
    await reaches(node, run, "waiting");
    await decide(node, waiting, "one", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["three", "one"]);
    const loser = await getApproval(node.store.reader, "default", gateOf(waiting, "two").approvalId);
    expect(loser).toMatchObject({ status: "cancelled", outcome: { reason: wentOn } });
  });
});

test("a process that dies between the win and the withdrawal withdraws after its restart, once", async () => {
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  let stuck = true;
  const never = new Promise<never>(() => undefined);
  const failpoint = (name: string) => (name === "before-withdraw" && stuck ? never : undefined);
  const before = await startNode(location(), { workflows: [race], failpoint });
  const run = await before.runs.start(ana, { workflow: "race", input: null });
  const waiting = await reaches(before, run, "waiting");
  const { approvalId } = gateOf(waiting, "two");
  await decide(before, waiting, "one", { approved: true });
  await reaches(before, run, "running");
  expect(await getApproval(before.store.reader, "default", approvalId)).toMatchObject({ status: "pending" });
  await before.crash();
  stuck = false;
  const after = await startNode(location(), { workflows: [race] });
  const later = await reaches(after, run, ({ status, steps }) => status === "waiting" && steps?.length === 4);
  expect(gateOf(later, "two")).toMatchObject({ output: { status: "cancelled", reason: wentOn } });
  await decide(after, later, "after", { approved: true });
  expect((await after.runs.wait(ana, run.id)).output).toEqual(["one", "approved"]);
  expect(await withdrawals(after, approvalId)).toBe(1);
  await after.stop();
});

test("time may win, and then nobody is asked any more", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [race], clock });
  const run = await node.runs.start(ana, { workflow: "race", input: null });
  await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  const later = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 4);
  for (const gate of ["one", "two"]) expect(gateOf(later, gate)).toMatchObject({ output: { status: "cancelled" } });
});

test("a branch may go on for several calls, and stops where it is when another one wins", async () => {
  const effects: string[] = [];
  const long = workflow("long", { version: 1 }, async (run) => {
    const won = await run.race({
      chain: async (branch) => {
        await branch.approval("first", { title: "First?" });
        await branch.approval("second", { title: "Second?" });
        await branch.step("never", () => void effects.push("never"));
      },
      quick: asked("one"),
    });
    await run.step("after", () => void effects.push("after"));
    return won.branch;
  });
  const { ended, gates } = await seeThrough(long, ["first", "one"]);
  expect(ended.output).toBe("quick");
  expect(gates).toMatchObject([{ status: "approved" }, { status: "approved" }]);
  expect(ended.steps?.find(({ name }) => name === "second")).toMatchObject({ output: { status: "cancelled" } });
  expect(effects).toEqual(["after"]);
});

test("a branch that calls the outer context is a part of the race all the same", async () => {
  const outer = workflow("outer", { version: 1 }, async (run) => {
    const won = await run.race({
      one: () => run.approval("one", { title: "One?" }),
      two: () => run.approval("two", { title: "Two?" }),
    });
    await run.approval("after", { title: "Go on?" });
    return won.branch;
  });
  const { ended } = await seeThrough(outer, ["one", "after"]);
  expect(ended.output).toBe("one");
  expect(ended.steps?.find(({ name }) => name === "two")).toMatchObject({ output: { reason: wentOn } });
});

test("a branch that calls the outer context after a step, or races there, is a part of the race too", async () => {
  const outer = workflow("outer", { version: 1 }, async (run) => {
    const prepared = async () => {
      await run.step("prepare", () => "ready");
      return run.approval("two", { title: "Two?" });
    };
    const racing = async () => {
      await run.step("look", () => "up");
      return run.race({ three: () => run.approval("three", { title: "Three?" }) });
    };
    const won = await run.race({ one: asked("one"), prepared, racing });
    await run.approval("after", { title: "Go on?" });
    return won.branch;
  });
  await using node = await startTestNode({ workflows: [outer] });
  const run = await node.runs.start(ana, { workflow: "outer", input: null });
  const isAsked = (now: Run) => ["one", "two", "three"].every((gate) => isOpen(now, gate));
  await decide(node, await reaches(node, run, isAsked), "one", { approved: true });
  const later = await reaches(node, run, (now) => isOpen(now, "after"));
  for (const gate of ["two", "three"]) expect(gateOf(later, gate)).toMatchObject({ output: { reason: wentOn } });
});

test("a race in a branch that loses is withdrawn with it", async () => {
  const nested = workflow("nested", { version: 1 }, async (run) => {
    const won = await run.race({
      one: asked("one"),
      two: (branch) => branch.race({ two: asked("two"), three: asked("three") }),
    });
    await run.approval("after", { title: "Go on?" });
    return won.branch;
  });
  const { ended } = await seeThrough(nested, ["one", "after"]);
  for (const gate of ["two", "three"]) {
    expect(ended.steps?.find(({ name }) => name === gate)).toMatchObject({ output: { reason: wentOn } });
  }
});

test("a step that loses is told by its signal, and the run doesn't wait for its retries", async () => {
  let told = false;
  const steps = workflow("steps", { version: 1 }, async (run) => {
    const won = await run.race({
      quick: (branch) => branch.step("quick", () => "quick"),
      slow: (branch) =>
        branch.step(
          "slow",
          ({ signal }) =>
            new Promise((_, reject) =>
              signal.addEventListener("abort", () => {
                told = true;
                reject(signal.reason);
              }),
            ),
        ),
      flaky: (branch) => branch.step("flaky", () => Promise.reject(new Error("no")), { backoff: "1h" }),
    });
    await run.approval("after", { title: "Go on?" });
    return won.branch;
  });
  const { ended } = await seeThrough(steps, ["after"]);
  expect([ended.status, ended.output, told]).toEqual(["completed", "quick", true]);
  const loser = ended.steps?.find(({ name }) => name === "slow");
  expect(loser).toMatchObject({ status: "cancelled" });
});

test("a branch that fails fails the race, and the others are withdrawn", async () => {
  const failing = workflow("failing", { version: 1 }, async (run) => {
    const why = await run
      .race({
        one: asked("one"),
        bad: (branch) => branch.step("bad", () => Promise.reject(new Error("no")), { retries: 0 }),
      })
      .catch((error: Error) => error.message);
    await run.approval("after", { title: "Go on?" });
    return why;
  });
  const { ended } = await seeThrough(failing, ["after"]);
  expect(ended.output).toBe('Step "bad" failed: no');
  expect(ended.steps?.filter(({ name }) => name === "one")).not.toMatchObject([{ status: "waiting" }]);
});

test.each([
  [0, "count: must be a whole number from 1"],
  [3, "count: must be at most 2, the number of branches"],
])("the first %d of two are refused, naming the field", async (count, message) => {
  const wrong = workflow("wrong", { version: 1 }, async (run) =>
    run.first(count, { one: asked("one"), two: asked("two") }),
  );
  await using node = await startTestNode({ workflows: [wrong] });
  const run = await node.runs.start(ana, { workflow: "wrong", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining(message) },
  });
});

test("a plain Promise.race goes on too, and its loser is withdrawn when the run ends", async () => {
  const plain = workflow("plain", { version: 1 }, async (run) => {
    const winner = await Promise.race(["one", "two"].map(async (gate) => (await asked(gate)(run)) && gate));
    await run.approval("after", { title: "Go on?" });
    return winner;
  });
  const { ended } = await seeThrough(plain, ["two", "after"]);
  expect(ended.output).toBe("two");
  expect(ended.steps?.find(({ name }) => name === "one")).toMatchObject({
    output: { status: "cancelled", reason: "The run has completed." },
  });
});

/** Approves gates one after the other, as they open. */
async function seeThrough(definition: Workflow<unknown, unknown>, gates: readonly string[]) {
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, { workflow: definition.name, input: null });
  for (const gate of gates) {
    const open = await reaches(node, run, (now) => isOpen(now, gate));
    await decide(node, open, gate, { approved: true });
  }
  const ended = await eventually(async () => {
    const now = await node.runs.wait(ana, run.id);
    return now.finishedAt !== undefined && now;
  });
  const decided = await Promise.all(
    gates.map((gate) => getApproval(node.store.reader, "default", gateOf(ended, gate).approvalId)),
  );
  return { ended, gates: decided };
}

function isOpen({ steps }: Run, gate: string): boolean {
  return steps?.some(({ name, status }) => name === gate && status === "waiting") ?? false;
}

async function withdrawals({ store }: RunsNode, approvalId: string): Promise<number> {
  const events = await listEvents(store.reader, "default", { limit: 200 });
  return events.filter((event) => event.type === "approval.resolved" && event.approvalId === approvalId).length;
}

test.each<[string, (gate: ReturnType<ReturnType<typeof asked>>) => Promise<unknown>]>([
  ["returns", (gate) => gate],
  ["returns from an async function", async (gate) => gate],
  ["awaits", async (gate) => (await gate).status],
  ["chains", (gate) => gate.then(({ status }) => status).finally(() => undefined)],
  ["races", (gate) => Promise.race([gate, gate.then(String)])],
  ["gathers", (gate) => Promise.all([gate])],
])("a gate from outside that a losing branch %s is withdrawn when the run pauses again", async (_how, hear) => {
  const outside = workflow("outside", { version: 1 }, async (run) => {
    const two = asked("two")(run);
    const kept = asked("kept")(run);
    const late = async () => (await kept).status;
    const status = late();
    await run.race({ one: asked("one"), two: () => hear(two), kept: () => hear(kept) });
    await run.approval("after", { title: "Go on?" });
    return status;
  });
  await using node = await startTestNode({ workflows: [outside] });
  const run = await node.runs.start(ana, { workflow: "outside", input: null });
  await decide(node, await reaches(node, run, "waiting"), "one", { approved: true });
  const later = await reaches(node, run, (now) => now.status === "waiting" && isOpen(now, "after"));
  expect(gateOf(later, "two")).toMatchObject({ output: { status: "cancelled", reason: wentOn } });
  // The handler itself listens to this one too.
  expect(gateOf(later, "kept")).toMatchObject({ status: "waiting" });
  await decide(node, later, "kept", { approved: true });
  await decide(node, later, "after", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test.each<[string, (run: RunContext) => Promise<unknown>]>([
  ["after the race", async () => undefined],
  ["after a pause", (run) => run.approval("later", { title: "Later?" })],
])("a promise of a losing branch that the handler awaits %s gives a cancelled outcome", async (when, between) => {
  const late = workflow("late", { version: 1 }, async (run) => {
    let lost: ReturnType<ReturnType<typeof asked>> | undefined;
    const two = (branch: RunContext) => {
      lost = asked("two")(branch);
      return lost;
    };
    await run.race({ one: asked("one"), two });
    await between(run);
    const outcome = await lost;
    return [outcome?.status, outcome?.reason];
  });
  const { ended } = await seeThrough(late, when === "after a pause" ? ["one", "later"] : ["one"]);
  expect(ended.output).toEqual(["cancelled", wentOn]);
});

test("a gate of a losing branch that the handler awaited all along gives a cancelled outcome", async () => {
  const along = workflow("along", { version: 1 }, async (run) => {
    let lost: ReturnType<ReturnType<typeof asked>> | undefined;
    const two = (branch: RunContext) => {
      lost = asked("two")(branch);
      return lost;
    };
    const race = run.race({ one: asked("one"), two });
    const [, outcome] = await Promise.all([race, lost]);
    return outcome?.status;
  });
  const { ended } = await seeThrough(along, ["one"]);
  expect(ended.output).toBe("cancelled");
});

test("what else a losing branch waited for rejects when the handler awaits it, and says what came first", async () => {
  const late = workflow("late", { version: 1 }, async (run) => {
    const lost: Promise<unknown>[] = [];
    const keep = (promise: Promise<unknown>) => {
      lost.push(promise);
      return promise;
    };
    await run.race({
      one: asked("one"),
      nap: (branch) => keep(branch.sleep("nap", "1h")),
      paid: (branch) => keep(branch.waitForEvent("paid", { event: "paid" })),
    });
    const ends = await Promise.allSettled(lost);
    return ends.map((end) => end.status === "rejected" && end.reason.message);
  });
  const { ended } = await seeThrough(late, ["one"]);
  expect(ended.output).toEqual([`"nap" has no result. ${wentOn}`, `"paid" has no result. ${wentOn}`]);
});

/** A run that waits for a gate, and for nothing else that can be decided. */
const pausedAt = (name: string) => (run: Run) => run.status === "waiting" && gateOf(run, name).status === "waiting";

const hourMs = 3_600_000;

test("a gate that a branch gives and the handler awaits beside it stays when the branch loses", async () => {
  const clock = createTestClock();
  const shared = workflow("shared", { version: 1 }, async (run) => {
    const gate = asked("release")(run);
    const raced = run.race({ done: async () => gate, late: (branch) => branch.sleep("late", "1h") });
    void raced.then(({ branch }) => (branch === "late" ? asked("escalation")(run) : undefined));
    return (await gate).status;
  });
  await using node = await startTestNode({ workflows: [shared], clock });
  const run = await node.runs.start(ana, { workflow: "shared", input: null });
  await reaches(node, run, "waiting");
  clock.advance(hourMs);
  const asks = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 3);
  expect(gateOf(asks, "release").status).toBe("waiting");
  await decide(node, asks, "release", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test.each<[string, (run: RunContext, deadline: Promise<unknown>) => Promise<unknown>]>([
  [
    "beside a branch that gives it",
    async (run, deadline) => {
      void run.race({ late: async () => deadline, one: asked("one") }).then(() => undefined);
      await deadline;
    },
  ],
  [
    "through an async function that an earlier race has begun",
    async (run, deadline) => {
      let begun: Promise<void> | undefined;
      const expired = () => {
        begun ??= (async () => void (await deadline))();
        return begun;
      };
      await run.race({ expired, one: asked("one") });
      await run.race({ expired, two: asked("two") });
    },
  ],
])("a sleep that the handler awaits %s wakes the run when the branch has lost", async (_, waits) => {
  const clock = createTestClock();
  const late = workflow("late", { version: 1 }, async (run) => {
    await waits(run, run.sleep("deadline", "24h"));
    return "woke";
  });
  await using node = await startTestNode({ workflows: [late], clock });
  const run = await node.runs.start(ana, { workflow: "late", input: null });
  await decide(node, await reaches(node, run, pausedAt("one")), "one", { approved: true });
  await reaches(node, run, (run) => run.status === "waiting" && gateOf(run, "one").status === "completed");
  clock.advance(25 * hourMs);
  expect((await reaches(node, run, "completed")).output).toBe("woke");
});

test("a gate that is asked in a branch and awaited outside before that loses gives its cancelled outcome", async () => {
  const clock = createTestClock();
  const outside = workflow("outside", { version: 1 }, async (run) => {
    let gate: Promise<{ status: string }> | undefined;
    const raced = run.race({
      asks: async (branch) => {
        gate = asked("gate")(branch);
        await branch.sleep("more", "2h");
      },
      late: (branch) => branch.sleep("late", "1h"),
    });
    const status = (async () => (await gate)?.status)();
    await raced;
    return status;
  });
  await using node = await startTestNode({ workflows: [outside], clock });
  const run = await node.runs.start(ana, { workflow: "outside", input: null });
  await reaches(node, run, "waiting");
  clock.advance(hourMs);
  expect((await reaches(node, run, "completed")).output).toBe("cancelled");
});

test("a gate that loses while it is being asked isn't asked any more when one beside it is refused", async () => {
  const [asking, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [won, decided, slow] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const policy = async () => {
    asking.resolve();
    await go.promise;
    return definePolicy([]);
  };
  const beside = workflow("beside", { version: 1 }, async (run) => {
    const wins = run.step("wins", () => won.promise);
    const slowly = run.step("slow", () => slow.promise);
    const schema = { type: "object", properties: { to: { type: "string" } } };
    const refused = run
      .approval("bad", { title: "?", action: { name: "send", args: { to: 7 }, schema } })
      .catch(String);
    let loses: Promise<string> | undefined;
    const { branch } = await run.race({
      wins: () => wins,
      loses: (inner) => {
        const asked = inner.approval("loses", { title: "?" });
        loses = asked.then(({ status }) => status, String);
        return asked;
      },
    });
    decided.resolve();
    await refused;
    await slowly;
    await run.approval("after", { title: "?" });
    return [branch, await loses];
  });
  await using node = await startTestNode({ workflows: [beside], policy });
  const run = await node.runs.start(ana, { workflow: "beside", input: null });
  await asking.promise;
  won.resolve();
  await decided.promise;
  go.resolve();
  await reaches(node, run, ({ steps }) => steps?.find(({ name }) => name === "bad")?.status === "failed");
  slow.resolve();
  const later = await reaches(node, run, "waiting");
  expect((await approvalsOfRun(node.store.reader, "default", run.id)).map(({ source }) => source?.gate)).toEqual([
    "after",
  ]);
  await decide(node, later, "after", { approved: true });
  const { output } = await node.runs.wait(ana, run.id);
  expect(output).toEqual(["wins", expect.stringContaining('"loses" has no result')]);
});
