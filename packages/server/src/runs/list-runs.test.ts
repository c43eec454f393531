import { type Run, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createTestClock } from "../test-clock.ts";
import { ana, bo, decide, reaches, startTestNode } from "./test-runs.ts";

const auditor = { ...bo, id: "di", role: "auditor" as const };
const quick = workflow("quick", { version: 1 }, async () => 1);
const asking = workflow("asking", { version: 1 }, async (run) => (await run.approval("ask", { title: "?" })).status);

test("pages together are the whole list, newest first, without steps", async () => {
  await using node = await startTestNode({ workflows: [quick] });
  const started: Run[] = [];
  for (let n = 0; n < 7; n++) started.push(await node.runs.start(ana, { workflow: "quick", input: n }));
  const listed: Run[] = [];
  let cursor: string | undefined;
  do {
    const page = await node.runs.list(ana, { limit: 3, cursor });
    listed.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  expect(listed.map(({ input }) => input)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  expect(listed.every(({ steps }) => steps === undefined)).toBe(true);
});

test("a list narrows by status and workflow", async () => {
  await using node = await startTestNode({ workflows: [quick, asking] });
  const done = await node.runs.start(ana, { workflow: "quick", input: null });
  const open = await node.runs.start(ana, { workflow: "asking", input: null });
  await node.runs.wait(ana, done.id);
  await reaches(node, open, "waiting");
  const ids = async (query: Parameters<typeof node.runs.list>[1]) =>
    (await node.runs.list(ana, query)).items.map(({ id }) => id);
  expect(await ids({ status: ["waiting"] })).toEqual([open.id]);
  expect(await ids({ status: ["waiting", "completed"] })).toEqual([open.id, done.id]);
  expect(await ids({ workflow: "quick" })).toEqual([done.id]);
});

test("a list narrows by owner, key and the time of creation", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [quick], clock });
  const started: Run[] = [];
  for (const [n, viewer] of [ana, ana, bo].entries()) {
    started.push(await node.runs.start(viewer, { workflow: "quick", input: n, key: `order-${n}` }));
    clock.advance(60_000);
  }
  const inputs = async (query: Parameters<typeof node.runs.list>[1]) =>
    (await node.runs.list({ ...ana, role: "admin" }, query)).items.map(({ input }) => input);
  expect(await inputs({})).toEqual([2, 1, 0]);
  expect(await inputs({ owner: "me" })).toEqual([1, 0]);
  expect(await inputs({ key: "order-1" })).toEqual([1]);
  const [, second] = started;
  expect(await inputs({ createdAfter: second?.createdAt })).toEqual([2, 1]);
  expect(await inputs({ createdBefore: second?.createdAt })).toEqual([0]);
  expect(await inputs({ createdAfter: "2026-01-01T00:01:00Z", createdBefore: "2026-01-01T00:02:00Z" })).toEqual([1]);
  expect(await inputs({ parentRunId: "run_none" })).toEqual([]);
});

test("a cursor that no list gave is refused, naming the field", async () => {
  await using node = await startTestNode({ workflows: [quick] });
  await expect(node.runs.list(ana, { cursor: "!" })).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(/^cursor:/),
  });
});

test("people see their own runs, auditors those of their tenant, nobody another tenant's", async () => {
  await using node = await startTestNode({ workflows: [quick] });
  const run = await node.runs.start(ana, { workflow: "quick", input: null });
  const sees = async (viewer: typeof ana) => (await node.runs.list(viewer)).items.some(({ id }) => id === run.id);
  expect(await sees(ana)).toBe(true);
  expect(await sees(bo)).toBe(false);
  expect(await sees(auditor)).toBe(true);
  expect(await sees({ ...auditor, tenantId: "other" })).toBe(false);
  await expect(node.runs.get(bo, run.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(node.runs.wait(bo, run.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await node.runs.get(auditor, run.id)).toMatchObject({ owner: { id: "ana", name: "Ana" } });
  await expect(node.runs.start(auditor, { workflow: "quick", input: null })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("waiting ends with the run, after the timeout, or when the caller gives up", async () => {
  await using node = await startTestNode({ workflows: [asking] });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  const waiting = await reaches(node, run, "waiting");
  expect(await node.runs.wait(ana, run.id, { timeout: 0 })).toMatchObject({ status: "waiting" });
  const gaveUp = new AbortController();
  const waits = [1, 2, 3].map(() => node.runs.wait(ana, run.id, { timeout: 60 }));
  const abandoned = node.runs.wait(ana, run.id, { timeout: 60, signal: gaveUp.signal });
  gaveUp.abort();
  await expect(abandoned).rejects.toThrow("aborted");
  await decide(node, waiting, "ask", { approved: true });
  for (const ended of await Promise.all(waits)) expect(ended).toMatchObject({ status: "completed" });
});
