import { type HoldpointError, Interrupt, interruptGate, type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { requestApproval } from "../approvals/request-approval.ts";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

const gate = "Interrupt.approval";

/** Deletes a user once approved; says with what it was called. */
function deleteUser(options?: Parameters<typeof Interrupt.approval>[0]) {
  const calls: { approved: boolean; input: unknown }[] = [];
  let loads = 0;
  const definition = workflow("delete-user")
    .version(1)
    .define(async (run, input: { id: number }) => {
      calls.push({ approved: run.approved, input });
      const user = await run.step("load", () => `user ${input.id}, load ${++loads}`);
      if (!run.approved) return Interrupt.approval(options);
      return run.step("delete", () => `${user} deleted`);
    });
  return { definition, calls };
}

const request = { workflow: "delete-user", input: { id: 7 } };

describe.each(testDatabases)("interrupts on $name", (kind) => {
  test("B6: approved, the handler is called again with the same input and run.approved", async () => {
    const { definition, calls } = deleteUser({ message: "This can't be undone." });
    await using node = await startTestNode({ workflows: [definition] }, kind);
    const run = await node.runs.start(ana, request);
    await decide(node, await reaches(node, run, "waiting"), gate, { approved: true });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({
      status: "completed",
      output: "user 7, load 1 deleted",
      steps: [{ name: "load", attempts: 1 }, { name: gate, kind: "approval" }, { name: "delete" }],
    });
    expect(calls).toEqual([
      { approved: false, input: { id: 7 } },
      { approved: true, input: { id: 7 } },
    ]);
  });

  test("B6: rejected, the run is rejected and says who decided, when and why", async () => {
    const { definition, calls } = deleteUser();
    await using node = await startTestNode({ workflows: [definition] }, kind);
    const run = await node.runs.start(ana, request);
    const waiting = await reaches(node, run, "waiting");
    await decide(node, waiting, gate, { approved: false, reason: "Still a customer" });
    const ended = await node.runs.wait(ana, run.id);
    expect(ended).toMatchObject({
      status: "rejected",
      outcome: {
        status: "rejected",
        approved: false,
        reason: "Still a customer",
        decidedBy: [{ id: "bo", name: "Bo" }],
        approvalId: gateOf(waiting, gate).approvalId,
        at: expect.any(String),
      },
      finishedAt: expect.any(String),
    });
    expect(ended.steps?.map(({ name }) => name)).toEqual(["load", gate]);
    expect(calls).toHaveLength(1);
    expect((await node.runs.list(ana, { status: ["rejected"] })).items).toMatchObject([
      { id: run.id, outcome: { reason: "Still a customer" } },
    ]);
    const log = await node.store.reader.selectFrom("events").selectAll().where("type", "=", "run.rejected").execute();
    expect(
      log.map(({ actor, data, run_id }) => ({ actor: JSON.parse(actor ?? ""), data: JSON.parse(data), run_id })),
    ).toEqual([
      {
        actor: { id: "bo", name: "Bo" },
        data: { workflow: "delete-user", version: 1, reason: "Still a customer" },
        run_id: run.id,
      },
    ]);
  });

  test("B7: an interrupt survives a restart and keeps its first pass's values", async () => {
    await using database = await kind.create();
    const { definition, calls } = deleteUser();
    const first = await startNode(database.location(), { workflows: [definition] });
    const run = await first.runs.start(ana, request);
    await reaches(first, run, "waiting");
    await first.crash();
    const second = await startNode(database.location(), { workflows: [definition], leaseMs: 1_000 });
    await decide(second, await reaches(second, run, "waiting"), gate, { approved: true });
    expect((await second.runs.wait(ana, run.id)).output).toBe("user 7, load 1 deleted");
    expect(calls.map(({ approved }) => approved)).toEqual([false, true]);
    await second.stop();
  });
});

test("B2: with no options the request is in the inbox and the run waits as long as it takes", async () => {
  const { definition } = deleteUser();
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [definition], clock });
  const run = await node.runs.start(ana, request);
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), gate);
  clock.advance(400 * 86_400_000);
  expect(await getApproval(node.store.reader, "default", approvalId)).toMatchObject({
    status: "pending",
    title: "Go on with “delete-user”?",
    action: { name: "delete-user", args: { id: 7 } },
    source: { workflow: "delete-user", runId: run.id, gate },
  });
  expect((await node.runs.get(ana, run.id)).status).toBe("waiting");
});

test("B5: only those who may decide approve or reject; the run goes on waiting for them", async () => {
  const { definition } = deleteUser({ reviewers: { users: ["bo"] } });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, request);
  const waiting = await reaches(node, run, "waiting");
  const { approvalId } = gateOf(waiting, gate);
  const cy = { ...bo, id: "cy" };
  const stranger = { ...bo, tenantId: "other" };
  for (const approved of [true, false]) {
    await expect(respond(node.ctx, ana, approvalId, { approved })).rejects.toMatchObject({ status: 403 });
    await expect(respond(node.ctx, cy, approvalId, { approved })).rejects.toMatchObject({ code: expect.any(String) });
    await expect(respond(node.ctx, stranger, approvalId, { approved })).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await node.runs.get(ana, run.id)).status).toBe("waiting");
  await decide(node, waiting, gate, { approved: true });
  expect((await node.runs.wait(ana, run.id)).status).toBe("completed");
});

test("a timeout closes the run as timed out, never as rejected", async () => {
  const { definition } = deleteUser({ timeout: "2h", onTimeout: "reject" });
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [definition], clock });
  const run = await node.runs.start(ana, request);
  await reaches(node, run, "waiting");
  clock.advance(2 * 3_600_000);
  expect(await eventually(async () => (await reaches(node, run, "timed_out")).outcome)).toMatchObject({
    status: "timed_out",
    approved: false,
    decidedBy: [{ id: "holdpoint", name: "Holdpoint" }],
  });
});

test("a run that was rejected can't be cancelled any more", async () => {
  const { definition } = deleteUser();
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, request);
  await decide(node, await reaches(node, run, "waiting"), gate, { approved: false });
  await node.runs.wait(ana, run.id);
  await expect(node.runs.cancel(ana, run.id)).rejects.toMatchObject({
    code: "already_resolved",
    message: `Run ${run.id} was rejected already; there is nothing left to cancel.`,
  });
});

test("what else a closed run asks is withdrawn", async () => {
  const two = workflow("two", { version: 1 }, async (run) => {
    void run.approval("other", { title: "Something else?" });
    return run.approved ? "done" : Interrupt.approval();
  });
  await using node = await startTestNode({ workflows: [two] });
  const run = await node.runs.start(ana, { workflow: "two", input: null });
  const waiting = await reaches(node, run, "waiting");
  await decide(node, waiting, gate, { approved: false });
  expect((await node.runs.wait(ana, run.id)).status).toBe("rejected");
  const other = await getApproval(node.store.reader, "default", gateOf(waiting, "other").approvalId);
  expect(other).toMatchObject({ status: "cancelled", outcome: { reason: "The run was closed by another approval." } });
});

test("B1: definitions are versioned: a run that waits goes on with the one it started with", async () => {
  const version = (n: number) =>
    workflow("greet")
      .version(n)
      .define(async (run) => (run.approved ? `version ${n}` : Interrupt.approval()));
  await using database = await testDatabases[0]?.create();
  const location = database?.location() ?? "";
  const old = await startNode(location, { workflows: [version(1)] });
  const first = await old.runs.start(ana, { workflow: "greet", input: null });
  await reaches(old, first, "waiting");
  await old.stop();
  const node = await startNode(location, { workflows: [version(1), version(2)] });
  const second = await node.runs.start(ana, { workflow: "greet", input: null });
  const ended = [first, second].map(async (run) => {
    await decide(node, await reaches(node, run, "waiting"), gate, { approved: true });
    return (await node.runs.wait(ana, run.id)).output;
  });
  expect(await Promise.all(ended)).toEqual(["version 1", "version 2"]);
  await node.stop();
});

test("an interrupt that was decided before the run came to wait for it is found", async () => {
  const reached = Promise.withResolvers<void>();
  const early = workflow("early", { version: 1 }, async (run) => {
    const value = await run.step("wait for the test", () => reached.promise.then(() => "recorded"));
    return run.approved ? value : Interrupt.approval();
  });
  await using node = await startTestNode({ workflows: [early] });
  const run = await node.runs.start(ana, { workflow: "early", input: null });
  const source = { engine: "holdpoint", workflow: "early", runId: run.id, gate };
  const action = { name: "early", args: null };
  const request = { title: "Go on with “early”?", action, kind: "approval", key: `${run.id}:${gate}`, source } as const;
  const { approval } = await node.store.write((tx) =>
    requestApproval(node.ctx, tx, { tenantId: "default", ownerId: "ana", policy: undefined }, request),
  );
  await respond(node.ctx, bo, approval.id, { approved: true });
  reached.resolve();
  expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed", output: "recorded" });
});

test("what is logged once the run is approved is kept beside what was logged while it asked", async () => {
  const logging = workflow("logging", { version: 1 }, async (run) => {
    run.log("begins");
    if (!run.approved) {
      run.log("asks");
      return Interrupt.approval();
    }
    run.log("was approved");
    await run.step("work", () => "done");
    run.log("has worked");
    return "done";
  });
  await using node = await startTestNode({ workflows: [logging] });
  const run = await node.runs.start(ana, { workflow: "logging", input: null });
  await decide(node, await reaches(node, run, "waiting"), interruptGate, { approved: true });
  const { steps } = await reaches(node, run, "completed");
  const entries = steps?.flatMap(({ kind, output }) => (kind === "log" ? (output as { message: string }).message : []));
  expect(entries).toEqual(["begins", "asks", "was approved", "has worked"]);
});

test("what an earlier gate executed before the interrupt is done once, and gives its result after it", async () => {
  const executed: string[] = [];
  const decided = Promise.withResolvers<void>();
  const moving = workflow("moving", { version: 1 }, async (run) => {
    const action = { name: "move", args: { to: "eu" } };
    const review = await run.approval<{ to: string }>("move", { title: "Move the customer?", action });
    const moved = await review.execute(({ to }) => `moved to ${to}, ${executed.push(to)}`);
    const twice = await review.execute(() => "moved twice").catch((error: HoldpointError) => error.code);
    // While a step is executing, the handler's second call comes in the pass of the first.
    const slow = run.step("wait for the test", () => decided.promise);
    if (!run.approved) return Interrupt.approval();
    decided.resolve();
    await slow;
    return [moved, twice];
  });
  await using node = await startTestNode({ workflows: [moving] });
  const run = await node.runs.start(ana, { workflow: "moving", input: null });
  await decide(node, await reaches(node, run, "waiting"), "move", { approved: true });
  const asks = ({ steps = [] }: Run) => steps.some(({ name, approvalId }) => name === gate && approvalId !== undefined);
  await decide(node, await reaches(node, run, asks), gate, { approved: true });
  const output = ["moved to eu, 1", "already_consumed"];
  expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed", output });
  expect(executed).toEqual(["eu"]);
});

test("a race after the interrupt is another one than the race before it, though both are in one pass", async () => {
  const finish = Promise.withResolvers<void>();
  const racing = workflow("racing", { version: 1 }, async (run) => {
    const slow = run.step("slow", () => finish.promise);
    if (!run.approved) {
      await run.race({
        before: (branch) => branch.step("before", () => 1),
        never: (branch) => branch.sleep("z", "1h"),
      });
      return Interrupt.approval();
    }
    const won = await run.race({ after: (branch) => branch.step("after", () => 2) });
    const [first] = await run.first(1, { first: (branch) => branch.step("first", () => 3) });
    await slow;
    return [won, first];
  });
  await using node = await startTestNode({ workflows: [racing] });
  const run = await node.runs.start(ana, { workflow: "racing", input: null });
  const asking = await reaches(node, run, ({ steps }) => steps?.some(({ approvalId }) => approvalId) ?? false);
  await decide(node, asking, gate, { approved: true });
  await reaches(node, run, ({ steps }) => steps?.find(({ name }) => name === "first")?.status === "completed");
  finish.resolve();
  expect(await reaches(node, run, "completed")).toMatchObject({
    output: [
      { branch: "after", value: 2 },
      { branch: "first", value: 3 },
    ],
  });
});

test("branches know that the run is approved, also those of a race in a race", async () => {
  const nested = workflow("nested", { version: 1 }, async (run) => {
    if (!run.approved) return Interrupt.approval();
    const { value } = await run.race({
      outer: (outer) => outer.first(1, { inner: (inner) => inner.race({ own: async (own) => own.approved }) }),
    });
    return value[0]?.value.value;
  });
  await using node = await startTestNode({ workflows: [nested] });
  const run = await node.runs.start(ana, { workflow: "nested", input: null });
  await decide(node, await reaches(node, run, "waiting"), gate, { approved: true });
  expect(await reaches(node, run, "completed")).toMatchObject({ output: true });
});
