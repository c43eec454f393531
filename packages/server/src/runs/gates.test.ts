import { type Json, type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { requestApproval } from "../approvals/request-approval.ts";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { ana, bo, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

const outreach = workflow("outreach", { version: 1 }, async (run, input: { to: string; allow?: "edit" }) => {
  const draft = await run.step("draft", () => ({ to: input.to, subject: "Hello" }));
  const review = await run.approval("send", {
    title: `Send email to ${input.to}`,
    action: { name: "send_email", args: draft },
    allow: ["approve", "edit", "reject"],
  });
  if (!review.approved) return { status: review.status, reason: review.reason ?? "No reason provided" };
  const sent = await run.step("send", () => review.args.subject);
  return { status: "sent", sent, ...(review.edited && { edited: review.edited }) };
});

describe.each(testDatabases)("gates on $name", (kind) => {
  test("a run pauses at a gate and goes on with the decision", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const run = await node.runs.start(ana, { workflow: "outreach", input: { to: "cy" } });
    const waiting = await reaches(node, run, "waiting");
    expect(waiting.steps).toMatchObject([
      { name: "draft", kind: "step", status: "completed", attempts: 1 },
      { name: "send", kind: "approval", status: "waiting", approvalId: expect.stringMatching(/^apr_/) },
    ]);
    await decide(node, waiting, "send", { approved: true });
    const ended = await node.runs.wait(ana, run.id);
    expect(ended).toMatchObject({ status: "completed", output: { status: "sent", sent: "Hello" } });
  });

  test("edited arguments are what the next step gets, and the handler is told that they were edited", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const run = await node.runs.start(ana, { workflow: "outreach", input: { to: "cy" } });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send");
    const approval = await getApproval(node.store.reader, "default", approvalId);
    const args = { to: "cy", subject: "Good morning" };
    await respond(node.ctx, bo, approvalId, { type: "edit", digest: approval?.digest ?? "", args });
    expect((await node.runs.wait(ana, run.id)).output).toEqual({
      status: "sent",
      sent: "Good morning",
      edited: true,
    });
  });

  test("a rejection reaches the run with its reason", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const run = await node.runs.start(ana, { workflow: "outreach", input: { to: "cy" } });
    await decide(node, await reaches(node, run, "waiting"), "send", { approved: false, reason: "Too pushy" });
    expect((await node.runs.wait(ana, run.id)).output).toEqual({ status: "rejected", reason: "Too pushy" });
  });

  test("gates reached together are decided in any order", async () => {
    const both = workflow("both", { version: 1 }, async (run) => {
      const reviews = await Promise.all([
        run.approval("legal", { title: "Legal?" }),
        run.approval("editorial", { title: "Editorial?" }),
      ]);
      return reviews.map(({ status }) => status);
    });
    await using node = await startTestNode({ workflows: [both] }, kind);
    const run = await node.runs.start(ana, { workflow: "both", input: null });
    const waiting = await reaches(node, run, "waiting");
    await decide(node, waiting, "editorial", { approved: false });
    await reaches(node, run, "waiting");
    await decide(node, waiting, "legal", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["approved", "rejected"]);
  });

  test("gates that are decided by one commit settle one after the other", async () => {
    const both = workflow("both", { version: 1 }, async (run) => {
      const reviews = await Promise.all(["a", "b", "c"].map((gate) => run.approval(gate, { title: `Gate ${gate}` })));
      return reviews.map(({ status }) => status);
    });
    await using node = await startTestNode({ workflows: [both] }, kind);
    const waiting = await reaches(node, await node.runs.start(ana, { workflow: "both", input: null }), "waiting");
    await Promise.all(["a", "b", "c"].map((gate) => decide(node, waiting, gate, { approved: true })));
    expect((await node.runs.wait(ana, waiting.id)).output).toEqual(["approved", "approved", "approved"]);
    const steps = await node.store.reader.selectFrom("steps").select("settled").orderBy("settled").execute();
    expect(steps.map(({ settled }) => Number(settled))).toEqual([1, 2, 3]);
  });

  test("a race is won by the same decision in every replay", async () => {
    const race = workflow("race", { version: 1 }, async (run) => {
      const asked = (name: string) => async () => (await run.approval(name, { title: name })) && name;
      const winner = await Promise.race([asked("first")(), asked("second")()]);
      await run.approval("after", { title: "Go on?" });
      return winner;
    });
    await using node = await startTestNode({ workflows: [race] }, kind);
    const run = await node.runs.start(ana, { workflow: "race", input: null });
    await decide(node, await reaches(node, run, "waiting"), "second", { approved: true });
    const later = await reachesGate(node, run, "after");
    await decide(node, later, "first", { approved: true });
    await decide(node, later, "after", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toBe("second");
  });

  test("a decision that came before the wait is found", async () => {
    const early = workflow("early", { version: 1 }, async (run) => {
      await run.step("wait for the test", () => decided.promise);
      return (await run.approval("send", { title: "Send?" })).status;
    });
    const decided = Promise.withResolvers<void>();
    await using node = await startTestNode({ workflows: [early] }, kind);
    const run = await node.runs.start(ana, { workflow: "early", input: null });
    const { approval } = await node.store.write((tx) =>
      requestApproval(
        node.ctx,
        tx,
        { tenantId: "default", ownerId: "ana", policy: undefined },
        gateRequest(run, "send", "Send?"),
      ),
    );
    await respond(node.ctx, bo, approval.id, { approved: true });
    decided.resolve();
    expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
  });

  test("a decision that is made while a step is still executing is not lost", async () => {
    const slow = workflow("slow", { version: 1 }, async (run) => {
      const [review, value] = await Promise.all([
        run.approval("ask", { title: "Ask?" }),
        run.step("slow", () => finish.promise),
      ]);
      return [review.status, value];
    });
    const finish = Promise.withResolvers<Json>();
    await using node = await startTestNode({ workflows: [slow] }, kind);
    const run = await node.runs.start(ana, { workflow: "slow", input: null });
    await decide(node, await reachesGate(node, run, "ask"), "ask", { approved: true });
    finish.resolve("done");
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["approved", "done"]);
  });
});

test("an answer reaches the run that asked", async () => {
  const ticket = workflow("ticket", { version: 1 }, async (run) => {
    const ask = (name: string) => run.question<{ text: string }>(name, { title: "Which plan?" });
    const answers = await Promise.all([ask("ask"), ask("ask")]);
    return answers.map((each) => (each.status === "answered" ? each.answer.text : each.status));
  });
  await using node = await startTestNode({ workflows: [ticket] });
  const run = await node.runs.start(ana, { workflow: "ticket", input: null });
  const waiting = await reaches(node, run, "waiting");
  for (const [gate, text] of Object.entries({ ask: "Pro", "ask#2": "Free" })) {
    const { approvalId } = gateOf(waiting, gate);
    const approval = await getApproval(node.store.reader, "default", approvalId);
    await respond(node.ctx, bo, approvalId, { type: "answer", digest: approval?.digest ?? "", answer: { text } });
  }
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["Pro", "Free"]);
});

test("the approval says which run asks, and the run's owner may not decide it", async () => {
  await using node = await startTestNode({ workflows: [outreach] });
  const run = await node.runs.start(ana, { workflow: "outreach", input: { to: "cy" } });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send");
  const approval = await getApproval(node.store.reader, "default", approvalId);
  expect(approval).toMatchObject({
    ownerId: "ana",
    source: { engine: "holdpoint", workflow: "outreach", runId: run.id, gate: "send" },
  });
  await expect(respond(node.ctx, ana, approvalId, { approved: true })).rejects.toMatchObject({ code: "self_approval" });
});

test("a gate whose request is refused fails there, and the others of the run still ask", async () => {
  const refused = workflow("refused", { version: 1 }, async (run) => {
    const schema = { type: "object", properties: { to: { type: "string" } } };
    const bad = run.approval("bad", { title: "Send?", action: { name: "send", args: { to: 7 }, schema } });
    const good = run.approval("good", { title: "Go on?" });
    const why = await bad.catch((error: Error) => error.message);
    return [why, (await good).status];
  });
  await using node = await startTestNode({ workflows: [refused] });
  const run = await node.runs.start(ana, { workflow: "refused", input: null });
  await decide(node, await reachesGate(node, run, "good"), "good", { approved: true });
  const { output } = await node.runs.wait(ana, run.id);
  expect(output).toEqual([expect.stringContaining('Gate "bad" failed'), "approved"]);
});

test("an approval that somebody else made for a gate is not taken for the run's", async () => {
  const finish = Promise.withResolvers<void>();
  const early = workflow("early", { version: 1 }, async (run) => {
    await run.step("wait for the test", () => finish.promise);
    return (await run.approval("send", { title: "Send?" })).status;
  });
  await using node = await startTestNode({ workflows: [early] });
  const run = await node.runs.start(ana, { workflow: "early", input: null });
  const { approval } = await node.store.write((tx) =>
    requestApproval(
      node.ctx,
      tx,
      { tenantId: "default", ownerId: "cy", policy: undefined },
      gateRequest(run, "send", "Send?"),
    ),
  );
  await respond(node.ctx, ana, approval.id, { approved: true });
  finish.resolve();
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("was requested for this gate by somebody else") },
  });
});

test("an approval that names a run but was not asked by it resumes nothing", async () => {
  await using node = await startTestNode({ workflows: [outreach] });
  const run = await node.runs.start(ana, { workflow: "outreach", input: { to: "cy" } });
  await reaches(node, run, "waiting");
  const source = { engine: "holdpoint", workflow: "outreach", runId: run.id, gate: "send" };
  const { approval } = await node.store.write((tx) =>
    requestApproval(node.ctx, tx, { tenantId: "default", policy: undefined }, { title: "Innocent", source }),
  );
  await respond(node.ctx, bo, approval.id, { approved: true });
  expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "waiting" });
});

function reachesGate(node: Parameters<typeof reaches>[0], run: Run, gate: string): Promise<Run> {
  return reaches(
    node,
    run,
    (now) => now.steps?.some((step) => step.name === gate && step.status === "waiting") ?? false,
  );
}

/** What a run asks at a gate. */
function gateRequest(run: Run, gate: string, title: string) {
  const source = { engine: "holdpoint", workflow: run.workflow, runId: run.id, gate };
  return { title, kind: "approval" as const, key: `${run.id}:${gate}`, source };
}

test("a gate may have as long a name as any step, and be asked again", async () => {
  const name = "x".repeat(200);
  const asks = workflow("asks", { version: 1 }, async (run) => {
    const reviews = await Promise.all([1, 2].map((n) => run.approval(name, { title: `Go on with ${n}?` })));
    return reviews.map(({ status }) => status);
  });
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const waiting = await reaches(node, run, "waiting");
  await decide(node, waiting, `${name}#2`, { approved: false });
  await decide(node, waiting, name, { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["approved", "rejected"]);
});

test.each(["a\nb", " a", "a ", "a\tb"])(
  "a gate called %j is refused, with an error that names the name",
  async (name) => {
    const asks = workflow(
      "asks",
      { version: 1 },
      async (run) => (await run.approval(name, { title: "Go on?" })).status,
    );
    await using node = await startTestNode({ workflows: [asks] });
    const { error } = await reaches(node, await node.runs.start(ana, { workflow: "asks", input: null }), "failed");
    const given = JSON.stringify(name);
    expect(error?.message).toBe(`name: must be one line without surrounding spaces; the gate's was ${given}.`);
  },
);
