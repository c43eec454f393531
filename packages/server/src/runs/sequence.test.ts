import { type SequenceContext, sequence } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, bo, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

interface Email {
  to: string;
  subject: string;
  body: string;
}

const sent: Email[] = [];

const outreach = sequence("outreach", [
  { name: "research", run: ({ input }: SequenceContext<{ to: string }>) => ({ fact: `${input.to} has a terrace` }) },
  {
    name: "draft",
    type: "email",
    run: ({ input, previous }: SequenceContext<{ to: string }, { fact: string }>): Email => ({
      to: `${input.to}@casaolmo.example`,
      subject: "Your terrace",
      body: previous.fact,
    }),
    next: { conditions: { approvalRequired: true, approveLabel: "Send email", approvers: [{ userId: "bo" }] } },
  },
  {
    name: "send",
    run({ previous, outputs }: SequenceContext<unknown, Email>) {
      sent.push(previous);
      return { subject: previous.subject, known: Object.keys(outputs) };
    },
  },
]);

async function waiting(node: RunsNode) {
  sent.length = 0;
  const { id } = await node.runs.start(ana, { workflow: "outreach", input: { to: "ana" } });
  const run = await reaches(node, { id } as Awaited<ReturnType<typeof node.runs.get>>, "waiting");
  const approval = await getApproval(node.store.reader, "default", gateOf(run, "approve draft").approvalId);
  if (!approval) throw new Error("It asked nothing.");
  return { run, approval };
}

const draft = { to: "ana@casaolmo.example", subject: "Your terrace", body: "ana has a terrace" };

describe.each(testDatabases)("sequences on $name", (kind) => {
  test("D1: the run pauses after the flagged step, shows its output and goes on when it is approved", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const { run, approval } = await waiting(node);
    expect(run.steps).toMatchObject([
      { name: "research", output: { fact: "ana has a terrace" } },
      { name: "draft", output: draft },
      { name: "approve draft", status: "waiting" },
    ]);
    expect(approval).toMatchObject({
      labels: { approve: "Send email" },
      stages: [{ users: ["bo"] }],
      action: { args: draft },
    });
    await decide(node, run, "approve draft", { approved: true });
    const ended = await node.runs.wait(ana, run.id);
    expect(ended).toMatchObject({ status: "completed", output: { known: ["research", "draft"] } });
    expect(sent).toEqual([draft]);
  });

  test("D3: Edit & Approve: the edited version is what the next steps get", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const { run, approval } = await waiting(node);
    const args = { ...draft, subject: "Friday evenings" };
    await respond(node.ctx, bo, approval.id, { type: "edit", digest: approval.digest, args });
    expect((await node.runs.wait(ana, run.id)).output).toMatchObject({ subject: "Friday evenings" });
    expect(sent).toEqual([args]);
  });

  test("D3: rejected, the run is closed without proceeding, logged with a timestamp and who decided", async () => {
    await using node = await startTestNode({ workflows: [outreach] }, kind);
    const { run } = await waiting(node);
    await decide(node, run, "approve draft", { approved: false, reason: "Too pushy" });
    const ended = await node.runs.wait(ana, run.id);
    expect(ended).toMatchObject({ status: "rejected", outcome: { reason: "Too pushy", decidedBy: [{ id: "bo" }] } });
    expect(ended.steps?.map(({ name }) => name)).toEqual(["research", "draft", "approve draft"]);
    expect(sent).toEqual([]);
    const log = await node.store.reader.selectFrom("events").selectAll().where("type", "=", "run.rejected").execute();
    expect(log).toMatchObject([{ run_id: run.id, at: expect.any(String), actor: expect.stringContaining('"bo"') }]);
  });
});

test("D2: it waits indefinitely by default", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [outreach], clock });
  const { run, approval } = await waiting(node);
  expect(approval.deadlineAt).toBeUndefined();
  clock.advance(400 * 86_400_000);
  expect(await getApproval(node.store.reader, "default", approval.id)).toMatchObject({ status: "pending" });
  expect((await node.runs.get(ana, run.id)).status).toBe("waiting");
});

test("D1: with approvers named, nobody else may decide", async () => {
  await using node = await startTestNode({ workflows: [outreach] });
  const { approval } = await waiting(node);
  const others = [ana, { ...bo, id: "cy" }];
  for (const other of others) {
    await expect(respond(node.ctx, other, approval.id, { approved: true })).rejects.toMatchObject({
      code: expect.stringMatching(/not_a_reviewer|not_found/),
    });
  }
});

test("D1: without approvers anyone who reviews may decide, also who started the run", async () => {
  const open = sequence("outreach", [
    { name: "draft", type: "text", run: () => "Hello", next: { conditions: { approvalRequired: true } } },
    { name: "send", run: ({ previous }: SequenceContext<unknown, string>) => `${previous}!` },
  ]);
  await using node = await startTestNode({ workflows: [open] });
  const { run, approval } = await waiting(node);
  await respond(node.ctx, ana, approval.id, { type: "edit", digest: approval.digest, args: { text: "Hi" } });
  expect((await node.runs.wait(ana, run.id)).output).toBe("Hi!");
});
