import { type AskHumanOptions, askHuman, type HumanQuestion, type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, bo, gateOf, reaches, startTestNode } from "./test-runs.ts";

const ticket = { question: "Which plan do they have?", context: "Ticket T-1: they can't export." };

/** Two agents work on one ticket and each asks. */
const network = workflow("network", { version: 1 }, async (run) => {
  const agents = ["support", "technical"].map((id) => askHuman(run, { agent: { id, name: `${id} agent` } }));
  return Promise.all(agents.map((tool, n) => tool.execute(ticket, { toolCallId: `call_${n}` })));
});

async function answer(node: RunsNode, run: Run, gate: string, text: string): Promise<void> {
  const { approvalId } = gateOf(run, gate);
  const approval = await getApproval(node.store.reader, "default", approvalId);
  const response = { type: "answer", digest: approval?.digest ?? "", answer: { answer: text } } as const;
  await respond(node.ctx, bo, approvalId, response);
}

describe.each(testDatabases)("asking a human on $name", (kind) => {
  test("C3: two questions open at once for one ticket get their own answers", async () => {
    await using node = await startTestNode({ workflows: [network] }, kind);
    const run = await node.runs.start(ana, { workflow: "network", input: null });
    const waiting = await reaches(node, run, "waiting");
    await answer(node, waiting, "ask_developer call_1", "Pro, says engineering");
    await reaches(node, run, "waiting");
    await answer(node, waiting, "ask_developer call_0", "Free, says sales");
    expect((await node.runs.wait(ana, run.id)).output).toEqual([
      { developerResponse: "Free, says sales", responseTime: expect.stringMatching(/^\d{4}-.*Z$/) },
      { developerResponse: "Pro, says engineering", responseTime: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
  });
});

test("C1: the run pauses, and the person sees who asks what and why", async () => {
  await using node = await startTestNode({ workflows: [network] });
  const run = await node.runs.start(ana, { workflow: "network", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask_developer call_1");
  expect(await getApproval(node.store.reader, "default", approvalId)).toMatchObject({
    kind: "question",
    title: ticket.question,
    content: [{ type: "text", text: ticket.context }],
    requestedBy: { id: "technical", name: "technical agent", kind: "agent" },
    timeout: "4h",
  });
});

test("C2: no answer within four hours gives the model an error", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [network], clock });
  const run = await node.runs.start(ana, { workflow: "network", input: null });
  await reaches(node, run, "waiting");
  clock.advance(4 * 3_600_000 - 1);
  expect((await node.runs.get(ana, run.id)).status).toBe("waiting");
  clock.advance(1);
  const error = "No developer response provided";
  expect((await node.runs.wait(ana, run.id)).output).toEqual([{ error }, { error }]);
});

test("C2: used outside a durable context it answers with an error instead of crashing", async () => {
  expect(await askHuman(undefined).execute(ticket)).toEqual({ error: "This tool requires step context" });
});

test("what isn't a question goes back to the model; nobody is asked, and the run goes on", async () => {
  const asks = workflow("asks", { version: 1 }, (run) =>
    askHuman(run).execute({ context: "Ticket T-1" } as unknown as HumanQuestion),
  );
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: { error: expect.stringMatching(/^The arguments of ask_developer can't be used: question: /) },
    steps: [],
  });
});

test("a long question is shown whole, and an answer has the shape that was asked for", async () => {
  const question = "Why? ".repeat(100).trim();
  const form = { type: "object", required: ["cause"], properties: { cause: { enum: ["bug", "outage"] } } };
  const asks = workflow("asks", { version: 1 }, (run) =>
    askHuman(run, { name: "ask_engineer", form, request: { reviewers: { users: ["bo"] } } }).execute({ question }),
  );
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask_engineer");
  const approval = await getApproval(node.store.reader, "default", approvalId);
  expect(approval).toMatchObject({ message: question, stages: [{ users: ["bo"] }] });
  expect(approval?.title).toHaveLength(200);
  await respond(node.ctx, bo, approvalId, { type: "answer", digest: approval?.digest ?? "", answer: { cause: "bug" } });
  expect((await node.runs.wait(ana, run.id)).output).toMatchObject({ developerResponse: { cause: "bug" } });
});

test("a question that is cut for its title keeps its characters whole", async () => {
  const question = `${"Why".padEnd(198)}😀 and what then?`;
  const asks = workflow("asks", { version: 1 }, (run) => askHuman(run).execute({ question }));
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask_developer");
  expect(await getApproval(node.store.reader, "default", approvalId)).toMatchObject({
    title: `${"Why".padEnd(198)}…`,
    message: question,
  });
});

test.each([
  ["half a character", "Why \ud83d?", "question must not contain half a surrogate pair"],
  ["what no database stores", "Why \0?", "question must not contain the NUL character"],
])("a question with %s goes back to the model", async (_what, question, problem) => {
  const asks = workflow("asks", { version: 1 }, (run) => askHuman(run).execute({ question }));
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: { error: `The arguments of ask_developer can't be used: ${problem}.` },
  });
});

/** What a person is shown of a question. */
async function shown(question: HumanQuestion, options: AskHumanOptions = {}) {
  const asks = workflow("asks", { version: 1 }, (run) => askHuman(run, options).execute(question));
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask_developer");
  return getApproval(node.store.reader, "default", approvalId);
}

const long = `${"Why? ".repeat(60)}And is it safe to delete the customer?`;
const notes = { type: "text" as const, text: "They pay by SEPA." };

test.each<[string, HumanQuestion, AskHumanOptions["request"] & object, object]>([
  [
    "content",
    ticket,
    { content: [notes] },
    { title: ticket.question, content: [{ title: "Context", text: ticket.context }, notes] },
  ],
  [
    "a message, beside a question that is no title",
    { question: long },
    { message: "Please help our agent." },
    { message: "Please help our agent.", content: [{ title: "Question", text: long }] },
  ],
  ["a title", ticket, { title: "Help our agent" }, { title: "Help our agent", message: ticket.question }],
  [
    "all of that",
    ticket,
    { title: "Help", message: "Please.", content: [notes] },
    { title: "Help", message: "Please.", content: [{ text: ticket.question }, { text: ticket.context }, notes] },
  ],
])("C1: what the model asks is shown whole beside the host's own words: %s", async (_, question, request, expected) => {
  expect(await shown(question, { request })).toMatchObject(expected);
});

test("a question whose context is null is asked without one", async () => {
  expect(await shown({ question: "Which plan?", context: null })).toMatchObject({ title: "Which plan?", content: [] });
});

test("an answer has the shape of a form that stands in `request`", async () => {
  const form = { type: "object", required: ["cause"], properties: { cause: { type: "string" } } };
  const asks = workflow("asks", { version: 1 }, (run) => askHuman(run, { request: { form } }).execute(ticket));
  await using node = await startTestNode({ workflows: [asks] });
  const run = await node.runs.start(ana, { workflow: "asks", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask_developer");
  const approval = await getApproval(node.store.reader, "default", approvalId);
  await respond(node.ctx, bo, approvalId, { type: "answer", digest: approval?.digest ?? "", answer: { cause: "bug" } });
  expect((await node.runs.wait(ana, run.id)).output).toMatchObject({ developerResponse: { cause: "bug" } });
});
