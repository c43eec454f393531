import { setImmediate as nextTurn } from "node:timers/promises";
import {
  askHuman,
  type GateToolsOptions,
  type Json,
  type RunContext,
  type RunStep,
  type ToolDefinition,
  workflow,
} from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { respond } from "../approvals/respond.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, bo, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

interface Call {
  name: string;
  args: Json;
  id?: string;
}

/** An agent whose one turn is its input, and what its tools did in the world. */
function agent(options: Partial<GateToolsOptions> = {}) {
  const done: { tool: string; args: unknown; key: string }[] = [];
  const tool = (
    name: string,
    execute: (args: { to: string }) => unknown = ({ to }) => `${name} ${to}`,
  ): ToolDefinition => ({
    name,
    schema: z.object({ to: z.string().min(1) }),
    execute(args: { to: string }, { idempotencyKey }) {
      done.push({ tool: name, args, key: idempotencyKey });
      return execute(args);
    },
  });
  const fail = () => {
    throw new Error("The line is dead");
  };
  const list = [tool("look_up"), tool("send_email"), tool("call", fail)];
  const definition = workflow("agent", { version: 1 }, async (run, calls: Call[]) => {
    const tools = run.gateTools(list, { require: ["send_email"], ...options });
    const turn = calls.map(({ name, args, id }) =>
      tools.find((each) => each.name === name)?.execute(args, id === undefined ? {} : { toolCallId: id }),
    );
    return Promise.all(turn);
  });
  return { definition, done };
}

const start = (node: RunsNode, calls: Call[]) =>
  node.runs.start(ana, { workflow: "agent", input: calls as unknown as Json });

const email = (to: string, id?: string): Call => ({
  name: "send_email",
  args: { to },
  ...(id !== undefined && { id }),
});

describe.each(testDatabases)("gated tools on $name", (kind) => {
  test("A9: tools on the list are gated, others run freely", async () => {
    const { definition, done } = agent();
    await using node = await startTestNode({ workflows: [definition] }, kind);
    const run = await start(node, [{ name: "look_up", args: { to: "ana" }, id: "call_1" }, email("ana", "call_2")]);
    const waiting = await reaches(node, run, "waiting");
    expect(waiting.steps).toMatchObject([
      { name: "look_up call_1", status: "completed" },
      { name: "send_email call_2", kind: "approval", status: "waiting" },
    ]);
    expect(done.map(({ tool }) => tool)).toEqual(["look_up"]);
    await decide(node, waiting, "send_email call_2", { approved: true });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["look_up ana", "send_email ana"]);
    expect(done).toEqual([
      { tool: "look_up", args: { to: "ana" }, key: `${run.id}:look_up call_1` },
      { tool: "send_email", args: { to: "ana" }, key: `${run.id}:send_email call_2:execute` },
    ]);
  });

  test.each([
    ["by their ids", ["call_1", "call_2"], ["call_1", "call_2"]],
    ["by number, without ids", [undefined, undefined], ["", "#2"]],
    ["by number, with one id twice", ["call_1", "call_1"], ["call_1", "call_1#2"]],
  ])("A9: calls of one tool in one turn each get their own approval, told apart %s", async (_, ids, suffixes) => {
    const { definition, done } = agent();
    await using node = await startTestNode({ workflows: [definition] }, kind);
    const run = await start(node, [email("ana", ids[0]), email("cy", ids[1])]);
    const waiting = await reaches(node, run, "waiting");
    const gates = suffixes.map((suffix) => `send_email${suffix.startsWith("#") || suffix === "" ? "" : " "}${suffix}`);
    expect(waiting.steps?.map(({ name }) => name)).toEqual(gates);
    await decide(node, waiting, gates[1] ?? "", { approved: true });
    await reaches(node, run, "waiting");
    await decide(node, waiting, gates[0] ?? "", { approved: false, reason: "Not Ana" });
    expect((await node.runs.wait(ana, run.id)).output).toEqual([
      { status: "rejected", reason: "Not Ana", message: expect.stringContaining("choose a different approach") },
      "send_email cy",
    ]);
    expect(done.map(({ args }) => args)).toEqual([{ to: "cy" }]);
  });

  test("A9: edited arguments are what is executed", async () => {
    const { definition, done } = agent();
    await using node = await startTestNode({ workflows: [definition] }, kind);
    const run = await start(node, [email("ana", "call_1")]);
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "send_email call_1");
    const approval = await getApproval(node.store.reader, "default", approvalId);
    const edit = (args: Json) =>
      respond(node.ctx, bo, approvalId, { type: "edit", digest: approval?.digest ?? "", args });
    await expect(edit({ to: "" })).rejects.toMatchObject({ code: "invalid_args" });
    await edit({ to: "cy" });
    expect((await node.runs.wait(ana, run.id)).output).toEqual(["send_email cy"]);
    expect(done.map(({ args }) => args)).toEqual([{ to: "cy" }]);
  });
});

test("A9: a call that nobody approves in time is told apart from a rejected one", async () => {
  const { definition, done } = agent({ request: () => ({ timeout: "1h", risk: "high" }) });
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [definition], clock });
  const run = await start(node, [email("ana", "call_1")]);
  await reaches(node, run, "waiting");
  clock.advance(3_600_000);
  const [refusal] = (await node.runs.wait(ana, run.id)).output as Json[];
  expect(refusal).toEqual({
    status: "timed_out",
    message: expect.stringMatching(/in time.*choose a different approach/),
  });
  expect(done).toEqual([]);
});

test("a tool that throws gives the model its error, and the run goes on", async () => {
  const { definition, done } = agent();
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [
    { name: "call", args: { to: "ana" } },
    { name: "look_up", args: { to: "ana" } },
  ]);
  expect((await node.runs.wait(ana, run.id)).output).toEqual([
    { error: 'Step "call" failed: The line is dead' },
    "look_up ana",
  ]);
  expect(done.filter(({ tool }) => tool === "call")).toHaveLength(1);
});

test("arguments that don't fit the tool go back to the model; nobody is asked", async () => {
  const { definition, done } = agent();
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [{ name: "send_email", args: { too: "ana" } }]);
  const ended = await node.runs.wait(ana, run.id);
  expect(ended.output).toEqual([{ error: expect.stringMatching(/^The arguments of send_email can't be used: to: /) }]);
  expect([ended.steps, done]).toEqual([[], []]);
});

test("a tool whose schema turns text into something else is shown as the model called it", async () => {
  const done: unknown[] = [];
  const wait: ToolDefinition = {
    name: "wait",
    schema: z.object({ days: z.string().transform(Number) }),
    execute: (args) => void done.push(args),
  };
  const waiting = workflow("waiting", { version: 1 }, async (run) => {
    const [tool] = run.gateTools([wait], { require: ["wait"] });
    await tool?.execute({ days: "3" }, { toolCallId: "one" });
    await tool?.execute({ days: "4" }, { toolCallId: "two" });
  });
  await using node = await startTestNode({ workflows: [waiting] });
  const run = await node.runs.start(ana, { workflow: "waiting", input: null });
  const first = await reaches(node, run, "waiting");
  const approval = await getApproval(node.store.reader, "default", gateOf(first, "wait one").approvalId);
  expect(approval?.action?.args).toEqual({ days: "3" });
  await decide(node, first, "wait one", { approved: true });
  const second = await reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "wait two") ?? false);
  const { approvalId } = gateOf(second, "wait two");
  const { digest } = (await getApproval(node.store.reader, "default", approvalId)) ?? { digest: "" };
  await respond(node.ctx, bo, approvalId, { type: "edit", digest, args: { days: "5" } });
  await reaches(node, run, "completed");
  expect(done).toEqual([{ days: 3 }, { days: 5 }]);
});

test.each<[string, object, RegExp]>([
  ["a field that is spelled wrong", { timeuot: "1h" }, /^timeuot: is not a known field/],
  ["a timeout that is none", { timeout: "soon" }, /^timeout: /],
  ["a title that is too long", { title: "x".repeat(300) }, /^title: /],
  ["a quorum that nobody can reach", { reviewers: { users: ["bo"], quorum: 2 } }, /quorum: /],
])("%s in `request` fails the run by the field's name; the model is not blamed", async (_, request, message) => {
  const { definition } = agent({ request: () => request });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [email("ana")]);
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringMatching(message) },
  });
});

test("arguments too deep for an approval go back to the model; nobody is asked, and the run goes on", async () => {
  let deep: Json = "x";
  for (let level = 0; level < 30; level++) deep = [deep];
  const keep: ToolDefinition = { name: "keep", schema: z.object({ value: z.unknown() }), execute: () => "kept" };
  const keeping = workflow("keeping", { version: 1 }, (run) => {
    const [tool] = run.gateTools([keep], { require: ["keep"] });
    return tool?.execute({ value: deep }) as Promise<Json>;
  });
  await using node = await startTestNode({ workflows: [keeping] });
  const run = await node.runs.start(ana, { workflow: "keeping", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "completed",
    output: { error: expect.stringMatching(/^The arguments of keep can't be used: .* no deeper than \d+ levels\.$/) },
    steps: [],
  });
});

test("which calls are gated can depend on their arguments", async () => {
  const { definition, done } = agent({
    require: (tool, args) => tool.name === "send_email" && JSON.stringify(args).includes("ceo"),
  });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [email("ana", "call_1"), email("ceo", "call_2")]);
  const waiting = await reaches(node, run, "waiting");
  expect(done.map(({ args }) => args)).toEqual([{ to: "ana" }]);
  await decide(node, waiting, "send_email call_2", { approved: true });
  expect((await node.runs.wait(ana, run.id)).status).toBe("completed");
});

test("a name on the list that is no tool fails the run, instead of letting the tool run freely", async () => {
  const { definition, done } = agent({ require: ["send_emails"] });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [email("ana")]);
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining('"send_emails", which is no tool') },
  });
  expect(done).toEqual([]);
});

test("an id of the model that can't be a name still tells calls apart", async () => {
  const { definition } = agent();
  await using node = await startTestNode({ workflows: [definition] });
  const run = await start(node, [email("ana", "line\nbreak"), email("cy", "x".repeat(500))]);
  const waiting = await reaches(node, run, "waiting");
  for (const { name } of waiting.steps ?? []) {
    expect(name).toMatch(/^send_email [0-9a-f]{16}$/);
    await decide(node, waiting, name, { approved: true });
    await reaches(node, run, (now) => now.status === "waiting" || now.status === "completed");
  }
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["send_email ana", "send_email cy"]);
});

/** Takes amounts in euros, and gives its function cents. */
const inCents = z.object({ amount: z.number().transform((euros) => 100 * euros) });

test("what a reviewer edits is changed by the tool's schema no more often than what the model gave", async () => {
  const paid: unknown[] = [];
  const pay: ToolDefinition = { name: "pay", schema: inCents, execute: (args) => void paid.push(args) };
  const paying = workflow("paying", { version: 1 }, async (run) => {
    const [tool] = run.gateTools([pay], { require: ["pay"] });
    await tool?.execute({ amount: 5 });
  });
  await using node = await startTestNode({ workflows: [paying] });
  const run = await node.runs.start(ana, { workflow: "paying", input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "pay");
  const approval = await getApproval(node.store.reader, "default", approvalId);
  expect(approval?.action?.args).toEqual({ amount: 5 });
  await respond(node.ctx, bo, approvalId, { type: "edit", digest: approval?.digest ?? "", args: { amount: 4 } });
  await reaches(node, run, "completed");
  expect(paid).toEqual([{ amount: 400 }]);
});

test("what the AI SDK's schema has changed already is shown as it runs, and runs as it was edited", async () => {
  const paid: unknown[] = [];
  const pay = { inputSchema: inCents, execute: (args: unknown) => void paid.push(args) };
  const paying = workflow("paying", { version: 1 }, async (run) => {
    const request = () => ({ allow: ["approve" as const, "edit" as const] });
    const tools = {
      asked: run.gateTools({ pay }, { require: ["pay"] }).pay,
      editable: run.gateTools({ pay }, { require: ["pay"], request }).pay,
    };
    await tools.asked.execute({ amount: 500 });
    await tools.editable.execute({ amount: 600 });
  });
  await using node = await startTestNode({ workflows: [paying] });
  const run = await node.runs.start(ana, { workflow: "paying", input: null });
  const first = await reaches(node, run, "waiting");
  const asked = await getApproval(node.store.reader, "default", gateOf(first, "pay").approvalId);
  expect(asked).toMatchObject({ action: { args: { amount: 500 } }, allow: ["approve", "reject"] });
  await decide(node, first, "pay", { approved: true });
  const second = await reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "pay#2") ?? false);
  const { approvalId } = gateOf(second, "pay#2");
  const { digest } = (await getApproval(node.store.reader, "default", approvalId)) ?? { digest: "" };
  await respond(node.ctx, bo, approvalId, { type: "edit", digest, args: { amount: 550 } });
  await reaches(node, run, "completed");
  expect(paid).toEqual([{ amount: 500 }, { amount: 550 }]);
});

test("a schema that throws on what the model gave fails the call, not the run", async () => {
  const open: ToolDefinition = {
    name: "open",
    schema: z.object({ url: z.string().transform((url) => new URL(url)) }),
    execute: () => "opened",
  };
  const opening = workflow("opening", { version: 1 }, async (run) => {
    const [tool] = run.gateTools([open], { require: [] });
    return tool?.execute({ url: "nowhere" });
  });
  await using node = await startTestNode({ workflows: [opening] });
  const run = await node.runs.start(ana, { workflow: "opening", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: { error: "The arguments of open can't be used: Invalid URL." },
  });
});

/** A tool whose one call, with arguments that it takes, is gated; and what it was executed with. */
function calling(tool: object, args: Json, options: Partial<GateToolsOptions> = {}) {
  const done: unknown[] = [];
  const execute = (given: unknown) => void done.push(given);
  const definition = workflow("calling", { version: 1 }, (run) => {
    const { use } = run.gateTools({ use: { execute, ...tool } }, { require: ["use"], ...options });
    return use.execute(args) as unknown as Promise<Json>;
  });
  return { definition, done };
}

async function asked(node: RunsNode, workflow = "calling") {
  const run = await node.runs.start(ana, { workflow, input: null });
  const { approvalId } = gateOf(await reaches(node, run, "waiting"), "use");
  const approval = await getApproval(node.store.reader, "default", approvalId);
  if (!approval) throw new Error("It asked nothing.");
  return { run, approval };
}

test.each<[string, object, Json]>([
  ["flags of a pattern", z.object({ id: z.string().regex(/^inv-\d+$/i) }), { id: "INV-12" }],
  ["web addresses with umlauts", z.object({ id: z.url() }), { id: "https://bücher.example/straße" }],
  ["a pattern of another dialect", { jsonSchema: { properties: { id: { pattern: "(?i)^abc$" } } } }, { id: "abc" }],
  ["one that isn't reached", { jsonSchema: { properties: { to: { pattern: "(?i)^abc$" } } } }, { id: "abc" }],
  ["a reference out of the schema", { jsonSchema: { $ref: "https://acme.example/id.json" } }, { id: "abc" }],
])(
  "a call that the tool takes is asked about where its JSON Schema can't say so, but not edited: %s",
  async (...row) => {
    const [, inputSchema, args] = row;
    const { definition, done } = calling({ inputSchema }, args);
    await using node = await startTestNode({ workflows: [definition] });
    const { run, approval } = await asked(node);
    expect(approval).toMatchObject({ action: { name: "use", args }, allow: ["approve", "reject"] });
    expect(approval.action).not.toHaveProperty("schema");
    await respond(node.ctx, bo, approval.id, { approved: true });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed" });
    expect(done).toEqual([args]);
  },
);

/** As the AI SDK's `jsonSchema(schema, { validate })` makes it. */
const toColleagues = {
  jsonSchema: { type: "object", required: ["to"], properties: { to: { type: "string" } } },
  validate: (value: unknown) =>
    (value as { to: string }).to.endsWith("@acme.example")
      ? { success: true, value }
      : { success: false, error: new Error("to must be a colleague.") },
};

test("what a reviewer edits passes a check that only the tool has", async () => {
  const { definition, done } = calling({ inputSchema: toColleagues }, { to: "bo@acme.example" });
  await using node = await startTestNode({ workflows: [definition] });
  const { run, approval } = await asked(node);
  const args = { to: "eve@evil.example" };
  await respond(node.ctx, bo, approval.id, { type: "edit", digest: approval.digest, args });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: { error: "The arguments of use can't be used: to must be a colleague." },
  });
  expect(done).toEqual([]);
});

test.each([
  ["gated", ["use"]],
  ["not gated", []],
])("what the model gives passes a check that only the tool has, %s", async (_, require) => {
  const done: unknown[] = [];
  const use = {
    name: "use",
    schema: toColleagues,
    execute: (args: unknown) => void done.push(args),
  } as ToolDefinition;
  const definition = workflow("calling", { version: 1 }, (run) => {
    const [tool] = run.gateTools([use], { require });
    return tool?.execute({ to: "eve@evil.example" }) as Promise<Json>;
  });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, { workflow: "calling", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: { error: "The arguments of use can't be used: to must be a colleague." },
    steps: [],
  });
  expect(done).toEqual([]);
});

test("A9: calls without ids keep their own approvals, however long their checks take in each pass", async () => {
  const done: unknown[] = [];
  let passes = 0;
  const definition = workflow("sending", { version: 1 }, async (run) => {
    const slow = ++passes === 1 ? "ana" : "cy";
    const fast = Promise.withResolvers<void>();
    const known = async (to: string) => {
      if (to !== slow) fast.resolve();
      else await fast.promise.then(() => nextTurn());
      return true;
    };
    const send = {
      name: "send",
      schema: z.object({ to: z.string().refine(known) }),
      execute: (args: unknown) => done.push(args),
    };
    const [tool] = run.gateTools([send], { require: ["send"] });
    return Promise.all(["ana", "cy"].map((to) => tool?.execute({ to })));
  });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, { workflow: "sending", input: null });
  const isOpen = ({ kind, status }: RunStep) => kind === "approval" && status === "waiting";
  for (let asked = 0; asked < 2; asked++) {
    const { steps = [] } = await reaches(node, run, (now) => now.steps?.some(isOpen) ?? false);
    const [gate] = steps.filter(isOpen);
    await respond(node.ctx, bo, gate?.approvalId ?? "", { approved: true });
    await reaches(
      node,
      run,
      (now) => !now.steps?.some(({ name, status }) => name === gate?.name && status === "waiting"),
    );
  }
  expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed" });
  expect(done).toHaveLength(2);
  expect(done).toEqual(expect.arrayContaining([{ to: "ana" }, { to: "cy" }]));
});

test.each([
  ["gated", ["use"]],
  ["not gated", []],
])("a tool whose result can't be recorded was executed, as the model is told, %s", async (_, require) => {
  const sent: unknown[] = [];
  const execute = (args: unknown) => ({ at: new Date(sent.push(args)) });
  const inputSchema = z.object({ to: z.string() });
  const { definition } = calling({ inputSchema, execute }, { to: "ana" }, { require, step: { retries: 2 } });
  await using node = await startTestNode({ workflows: [definition] });
  const run = await node.runs.start(ana, { workflow: "calling", input: null });
  if (require.length > 0) await decide(node, await reaches(node, run, "waiting"), "use", { approved: true });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: {
      error: expect.stringMatching(/use was executed, .* \(at at\).* Don't call it with the same arguments again\.$/),
    },
  });
  expect(sent).toHaveLength(1);
});

const which = { question: "Which plan?" };

test.each<[string, (run: RunContext, options: GateToolsOptions) => Promise<unknown> | undefined]>([
  ["a list", (run, options) => run.gateTools([askHuman(run)], options)[0]?.execute(which)],
  ["a record", (run, options) => run.gateTools({ ask: askHuman(run) }, options).ask.execute(which)],
])("C1: a tool that asks a person pauses the run and keeps no worker among gated tools too: %s", async (_, ask) => {
  const asking = workflow("asking", { version: 1 }, async (run) => ask(run, { require: () => true }));
  const quick = workflow("quick", { version: 1 }, (run) => run.step("look", () => "done"));
  await using node = await startTestNode({ workflows: [asking, quick], concurrency: 1 });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  const waiting = await reaches(node, run, "waiting");
  expect(waiting.steps).toMatchObject([{ name: "ask_developer", kind: "question" }]);
  const other = await node.runs.start(ana, { workflow: "quick", input: null });
  expect(await node.runs.wait(ana, other.id)).toMatchObject({ output: "done" });
});

test("a tool that asks a person on the list of those to gate fails the run by its name", async () => {
  const asking = workflow("asking", { version: 1 }, async (run) => {
    run.gateTools([askHuman(run)], { require: ["ask_developer"] });
  });
  await using node = await startTestNode({ workflows: [asking] });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining('"ask_developer", which asks a person itself') },
  });
});
