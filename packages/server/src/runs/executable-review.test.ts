import { type Json, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { consumeApproval, consumeForStep } from "../approvals/consume-approval.ts";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

const mail = { title: "Send?", action: { name: "send", args: { to: "cy" } } };
const allow = ["approve" as const, "edit" as const, "reject" as const];

describe.each(testDatabases)("executing what was approved on $name", (kind) => {
  test("uses the approval up, once, with the arguments that were approved", async () => {
    const sent: [Json, string][] = [];
    const send = workflow("send", { version: 1 }, async (run) => {
      const review = await run.approval("send", { ...mail, allow });
      const receipt = await review.execute((args, { idempotencyKey }) => sent.push([args, idempotencyKey]));
      const again = await review.execute(() => 0).catch((error) => error.code);
      await run.approval("after", { title: "Go on?" });
      return { receipt, again, review };
    });
    await using node = await startTestNode({ workflows: [send] }, kind);
    const run = await node.runs.start(ana, { workflow: "send", input: null });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send");
    const { digest = "" } = (await getApproval(node.store.reader, "default", approvalId)) ?? {};
    await respond(node.ctx, bo, approvalId, { type: "edit", digest, args: { to: "dee" } });
    const after = await reaches(node, run, ({ steps = [] }) => steps.some(({ name }) => name === "after"));
    await decide(node, await reaches(node, after, "waiting"), "after", { approved: true });
    const { output, steps } = await node.runs.wait(ana, run.id);
    expect(output).toMatchObject({ receipt: 1, again: "already_consumed", review: { args: { to: "dee" } } });
    expect(sent).toEqual([[{ to: "dee" }, `${run.id}:send:execute`]]);
    expect(steps?.map(({ name, kind }) => [name, kind])).toEqual([
      ["send", "approval"],
      ["send:execute", "step"],
      ["after", "approval"],
    ]);
    const used = await getApproval(node.store.reader, "default", approvalId);
    expect(used).toMatchObject({ consumedBy: { id: "holdpoint" }, consumedAt: expect.any(String) });
    const late = consumeApproval(node.ctx, ana, approvalId, { argsDigest: used?.outcome?.argsDigest });
    await expect(late).rejects.toMatchObject({ code: "already_consumed" });
  });

  test("goes on after a crash between using it up and executing", async () => {
    let sent = 0;
    const send = workflow("send", { version: 1 }, async (run) => {
      const review = await run.approval("send", mail);
      await run.step("hold", () => held.promise);
      return review.execute(() => ++sent);
    });
    const held = Promise.withResolvers<void>();
    await using node = await startTestNode({ workflows: [send] }, kind);
    const run = await node.runs.start(ana, { workflow: "send", input: null });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send");
    const { outcome } = await respond(node.ctx, bo, approvalId, { approved: true });
    const step = { tenantId: "default", approvalId, idempotencyKey: `${run.id}:send:execute` };
    await consumeForStep(node.ctx, step, { argsDigest: outcome?.argsDigest });
    held.resolve();
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed", output: 1 });
    expect(sent).toBe(1);
  });

  test("is left alone when somebody else has used the approval up", async () => {
    let sent = 0;
    const send = workflow("send", { version: 1 }, async (run) => {
      const review = await run.approval("send", mail);
      await run.step("hold", () => held.promise);
      return review.execute(() => ++sent);
    });
    const held = Promise.withResolvers<void>();
    await using node = await startTestNode({ workflows: [send] }, kind);
    const run = await node.runs.start(ana, { workflow: "send", input: null });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send");
    const { outcome } = await respond(node.ctx, bo, approvalId, { approved: true });
    await consumeApproval(node.ctx, ana, approvalId, { argsDigest: outcome?.argsDigest });
    held.resolve();
    const { status, error } = await node.runs.wait(ana, run.id);
    expect([status, error?.message, sent]).toEqual(["failed", expect.stringContaining("was executed at"), 0]);
  });
});

test("an execution that was cut off is made again with the same key", async () => {
  const [kind] = testDatabases;
  await using database = await kind?.create();
  const keys: string[] = [];
  const life = (execute: () => Promise<Json>) =>
    workflow("send", { version: 1 }, async (run) => {
      const review = await run.approval("send", mail);
      return review.execute((_args, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        return execute();
      });
    });
  const location = database?.location() ?? "";
  const first = await startNode(location, { workflows: [life(() => new Promise(() => undefined))] });
  const run = await first.runs.start(ana, { workflow: "send", input: null });
  await decide(first, await reaches(first, run, "waiting"), "send", { approved: true });
  await eventually(async () => keys.length === 1);
  await first.crash();
  const second = await startNode(location, { workflows: [life(async () => "sent")] });
  expect(await second.runs.wait(ana, run.id, { timeout: 20 })).toMatchObject({ status: "completed", output: "sent" });
  expect(keys).toEqual([`${run.id}:send:execute`, `${run.id}:send:execute`]);
  await second.stop();
});

test("arguments that the handler has changed are not executed", async () => {
  let sent = 0;
  const send = workflow("send", { version: 1 }, async (run) => {
    const review = await run.approval("send", mail);
    if (review.approved) review.args.to = "eve";
    return review.execute(() => ++sent);
  });
  await using node = await startTestNode({ workflows: [send] });
  const run = await node.runs.start(ana, { workflow: "send", input: null });
  await decide(node, await reaches(node, run, "waiting"), "send", { approved: true });
  const { status, error } = await node.runs.wait(ana, run.id);
  expect([status, error?.message, sent]).toEqual(["failed", expect.stringContaining("not the arguments"), 0]);
});

test("what was rejected is not executed", async () => {
  let sent = 0;
  const send = workflow("send", { version: 1 }, async (run) => {
    const review = await run.approval("send", mail);
    return review.execute(() => ++sent).catch((error) => error.message);
  });
  await using node = await startTestNode({ workflows: [send] });
  const run = await node.runs.start(ana, { workflow: "send", input: null });
  await decide(node, await reaches(node, run, "waiting"), "send", { approved: false });
  const { output } = await node.runs.wait(ana, run.id);
  expect([output, sent]).toEqual(['"send" was not approved (rejected); there is nothing to execute.', 0]);
});

test("what a gate has approved can be executed, however long the gate's name is", async () => {
  const name = "x".repeat(200);
  const send = workflow("send", { version: 1 }, async (run) => {
    const reviews = [await run.approval(name, mail), await run.approval("y".repeat(193), mail)];
    return Promise.all(reviews.map((review) => review.execute(({ to }) => to)));
  });
  await using node = await startTestNode({ workflows: [send] });
  const run = await node.runs.start(ana, { workflow: "send", input: null });
  await decide(node, await reaches(node, run, "waiting"), name, { approved: true });
  const next = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 2);
  await decide(node, next, "y".repeat(193), { approved: true });
  expect(await reaches(node, run, ({ finishedAt }) => finishedAt !== undefined)).toMatchObject({
    output: ["cy", "cy"],
  });
});
