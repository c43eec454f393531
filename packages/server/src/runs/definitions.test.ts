import { HoldpointError, type Json, type RunContext, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testDatabases } from "../store/test-databases.ts";
import { startNode } from "./test-node.ts";
import { ana, bo, decide, reaches, startTestNode } from "./test-runs.ts";
import { workflowsOf } from "./workflows.ts";

const anyDatabase = testDatabases[0];

test("a run starts on the latest version and stays on it", async () => {
  const v1 = workflow("mail", { version: 1 }, async (run) => asking(run, "v1"));
  const v2 = workflow("mail", { version: 2 }, async (run) => asking(run, "v2"));
  await using database = await anyDatabase?.create();
  const location = () => database?.location() ?? "";
  const before = await startNode(location(), { workflows: [v1] });
  const old = await before.runs.start(ana, { workflow: "mail", input: null });
  await reaches(before, old, "waiting");
  await before.stop();

  const after = await startNode(location(), { workflows: [v2, v1] });
  const young = await after.runs.start(ana, { workflow: "mail", input: null });
  for (const run of [old, young]) await decide(after, await reaches(after, run, "waiting"), "ask", { approved: true });
  expect(await after.runs.wait(ana, old.id)).toMatchObject({ version: 1, output: "v1" });
  expect(await after.runs.wait(ana, young.id)).toMatchObject({ version: 2, output: "v2" });
  await after.stop();
});

test("a run whose workflow is gone is stranded, and goes on when the definition is back", async () => {
  const mail = workflow("mail", { version: 1 }, async (run) => asking(run, "done"));
  const other = workflow("other", { version: 1 }, async () => "other");
  await using database = await anyDatabase?.create();
  const location = () => database?.location() ?? "";
  const before = await startNode(location(), { workflows: [mail] });
  const run = await before.runs.start(ana, { workflow: "mail", input: null });
  await reaches(before, run, "waiting");
  await before.stop();

  const without = await startNode(location(), { workflows: [other] });
  await decide(without, await reaches(without, run, "waiting"), "ask", { approved: true });
  await reaches(without, run, "stranded");
  const fine = await without.runs.start(ana, { workflow: "other", input: null });
  expect(await without.runs.wait(ana, fine.id)).toMatchObject({ output: "other" });
  await without.stop();

  const after = await startNode(location(), { workflows: [mail] });
  expect(await after.runs.wait(ana, run.id)).toMatchObject({ status: "completed", output: "done" });
  await after.stop();
});

test("code that uses a recorded name for something else fails the run clearly, even if it catches errors", async () => {
  const v1 = workflow("mail", { version: 1 }, async (run) => {
    await run.step("prepare", () => 1);
    return asking(run, "v1");
  });
  const changed = workflow("mail", { version: 1 }, async (run) => {
    await run.sleep("prepare", "1s").catch(() => undefined);
    return asking(run, "changed");
  });
  await using database = await anyDatabase?.create();
  const location = () => database?.location() ?? "";
  const before = await startNode(location(), { workflows: [v1] });
  const run = await before.runs.start(ana, { workflow: "mail", input: null });
  await reaches(before, run, "waiting");
  await before.stop();

  const after = await startNode(location(), { workflows: [changed] });
  await decide(after, await reaches(after, run, "waiting"), "ask", { approved: true });
  expect(await after.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: {
      name: "ReplayError",
      message: '"prepare" is recorded as step, but the workflow uses it as sleep. Give changed code a new version.',
    },
  });
  await after.stop();
});

test("an unknown workflow is refused, naming the field", async () => {
  await using node = await startTestNode({ workflows: [workflow("mail", { version: 1 }, async () => 1)] });
  await expect(node.runs.start(ana, { workflow: "male", input: null })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining('workflow: there is no "male"; this server has: mail.'),
    details: [{ pointer: "/workflow", message: expect.any(String) }],
  });
});

test("input that doesn't fit is refused with a pointer per field, and nothing is stored", async () => {
  const input = z.strictObject({ to: z.email(), copies: z.int().min(1).default(1) });
  const mail = workflow("mail", { version: 1, input }, async (_run, { to, copies }) => `${copies} to ${to}`);
  await using node = await startTestNode({ workflows: [mail] });
  const refusal = node.runs.start(ana, { workflow: "mail", input: { to: "nobody", copies: 0 } });
  await expect(refusal).rejects.toMatchObject({
    code: "invalid_request",
    details: [{ pointer: "/input/to" }, { pointer: "/input/copies" }],
  });
  expect((await node.runs.list(ana)).items).toEqual([]);
  const run = await node.runs.start(ana, { workflow: "mail", input: { to: "cy@example.com" } });
  expect((await node.runs.wait(ana, run.id)).output).toBe("1 to cy@example.com");
});

describe.each(testDatabases)("keys on $name", (kind) => {
  test("starting again with the same key gives the first run, and another request under it is refused", async () => {
    await using node = await startTestNode({ workflows: [workflow("mail", { version: 1 }, async () => 1)] }, kind);
    const request = { workflow: "mail", input: { to: "cy" }, key: "order-7" };
    const starts = await Promise.all([1, 2, 3].map(() => node.runs.start(ana, request)));
    expect(new Set(starts.map(({ id }) => id)).size).toBe(1);
    await expect(node.runs.start(ana, { ...request, input: { to: "di" } })).rejects.toMatchObject({
      code: "idempotency_conflict",
    });
    const elsewhere = await node.runs.start({ ...bo, tenantId: "other" }, request);
    expect(elsewhere.id).not.toBe(starts[0]?.id);
  });

  test("starting again with the same key gives the run with its steps, and to others no more than that it is taken", async () => {
    const mail = workflow("mail", { version: 1 }, (run) => run.step("send", async () => "a secret"));
    await using node = await startTestNode({ workflows: [mail] }, kind);
    const request = { workflow: "mail", input: null, key: "order-7" };
    const run = await node.runs.start(ana, request);
    const ended = await node.runs.wait(ana, run.id);
    expect(ended.steps).toMatchObject([{ name: "send", output: "a secret" }]);
    expect(await node.runs.start(ana, request)).toEqual(ended);
    expect(await node.runs.start({ ...bo, role: "admin" }, request)).toEqual(ended);
    const refusal = (input: Json) => node.runs.start(bo, { ...request, input }).catch((error: unknown) => error);
    const [same, other] = [await refusal(null), await refusal("else")];
    expect(same).toMatchObject({ code: "idempotency_conflict" });
    expect(same).toEqual(other);
  });
});

test("definitions that can't be told apart, or have no proper version, are refused", () => {
  const define = (name: string, version: number) => workflow(name, { version }, async () => 1);
  expect(() => workflowsOf([define("mail", 1), define("mail", 1)])).toThrow(HoldpointError);
  expect(() => workflowsOf([define("mail", 0)])).toThrow("version must be a whole number");
  expect(() => workflowsOf([define(" ", 1)])).toThrow("name must be");
});

async function asking(run: RunContext, result: string): Promise<string> {
  await run.approval("ask", { title: "Go on?" });
  return result;
}

test.each<[what: string, schema: z.ZodType, message: string]>([
  ["a date", z.object({ at: z.coerce.date() }), "input.at: must be plain JSON after the schema of workflow"],
  ["a big number", z.object({ at: z.string().transform(() => 1n) }), "input.at: must be plain JSON after"],
  ["a map", z.object({ at: z.string().transform(() => new Map()) }), "input.at: must be plain JSON after"],
  ["nothing", z.any().transform(() => undefined), "input: must not be undefined after the schema"],
])("a schema that makes %s of an input is told, since no replay could be given that", async (_what, input, message) => {
  const meet = workflow("meet", { version: 1, input }, async () => "met");
  await using node = await startTestNode({ workflows: [meet] });
  const started = node.runs.start(ana, { workflow: "meet", input: { at: "2026-01-01T00:00:00Z" } });
  await expect(started).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining(message) });
});
