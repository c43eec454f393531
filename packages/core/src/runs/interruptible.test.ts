import { expect, test } from "vitest";
import type { Json } from "../json/json.ts";
import { Interrupt, interruptGate } from "./interrupt.ts";
import { type GateRequest, type Review, type RunContext, workflow } from "./workflow.ts";

/** An engine that records nothing: it runs steps at once and answers gates with `review`. */
function engine(review: Review<Json>) {
  const calls: string[] = [];
  const requests: GateRequest<Json>[] = [];
  const run: RunContext = {
    id: "run_1",
    tenantId: "default",
    signal: new AbortController().signal,
    approved: false,
    async step(name, fn) {
      calls.push(name);
      return fn({ idempotencyKey: name, attempt: 1, signal: run.signal });
    },
    async approval(name, request) {
      calls.push(name);
      requests.push(structuredClone(request) as GateRequest<Json>);
      return review as Awaited<ReturnType<typeof run.approval<never>>>;
    },
    question: () => Promise.reject(new Error("Nobody asks here.")),
    gateTools: () => {
      throw new Error("There are no tools here.");
    },
    notify: async () => void calls.push("notify"),
    invoke: () => Promise.reject(new Error("Nobody else works here.")),
    waitForEvent: () => Promise.reject(new Error("Nothing happens here.")),
    sleep: async (name) => void calls.push(name),
    sleepUntil: async (name) => void calls.push(name),
    log: (message) => void calls.push(message),
    race: () => Promise.reject(new Error("Nobody races here.")),
    first: () => Promise.reject(new Error("Nobody races here.")),
  };
  return { run, calls, requests };
}

const facts = { approvalId: "apr_1", decidedBy: [{ id: "bo" }], escalated: false, at: "2026-01-01T00:00:00.000Z" };
const approved: Review<Json> = { ...facts, status: "approved", approved: true, args: null };
const rejected: Review<Json> = { ...facts, status: "rejected", approved: false, reason: "Too risky" };

let value = 0;
const definition = workflow("purge")
  .version(2)
  .define(async (run, input: { table: string }) => {
    run.log("drawing");
    const first = await run.step("draw", () => ++value);
    const again = await run.step("draw", () => ++value);
    if (!run.approved) return Interrupt.approval({ message: "All rows go." });
    const after = await run.step("purge", () => `${input.table} purged`);
    return { first, again, after };
  });

test("B1: a workflow is defined by name, version and handler", () => {
  expect(definition).toMatchObject({ name: "purge", version: 2 });
});

test("B6: the handler is called again with what its first call recorded, and only what is new runs", async () => {
  const { run, calls } = engine(approved);
  value = 0;
  expect(await definition.handler(run, { table: "orders" })).toEqual({ first: 1, again: 2, after: "orders purged" });
  expect(calls).toEqual(["drawing", "draw", "draw", interruptGate, "purge"]);
});

test("an engine that has the outcome recorded isn't asked again", async () => {
  const { run, calls } = engine(approved);
  await definition.handler(run, { table: "orders" }, approved);
  expect(calls).toEqual(["drawing", "draw", "draw", "purge"]);
});

test("what the handler logs only once it is approved is logged too", async () => {
  const logging = workflow("logging", { version: 1 }, async (run) => {
    run.log("begins");
    run.log(run.approved ? "was approved" : "asks");
    return run.approved ? "done" : Interrupt.approval();
  });
  const { run, calls } = engine(approved);
  await logging.handler(run, null);
  expect(calls).toEqual(["begins", "asks", interruptGate, "was approved"]);
});

test("the interrupt shows the workflow, its input and the message", async () => {
  const { run, requests } = engine(approved);
  await definition.handler(run, { table: "orders" });
  expect(requests).toEqual([
    {
      title: "Go on with “purge”?",
      message: "All rows go.",
      action: { name: "purge", args: { table: "orders" } },
    },
  ]);
});

test("B3: a destination is where people are told besides the inbox", async () => {
  const { run, requests } = engine(approved);
  const destination = { type: "slack", channelId: "C042", threadId: "17.1" } as const;
  const told = workflow("told", { version: 1 }, async (context) =>
    context.approved ? "done" : Interrupt.approval({ message: "Look.", destination }),
  );
  await told.handler(run, null);
  expect(requests).toMatchObject([{ message: "Look.", destinations: [destination] }]);
  expect(requests[0]).not.toHaveProperty("destination");
});

test.each(["rejected", "timed_out", "cancelled"] as const)(
  "an interrupt that was %s ends the run so",
  async (status) => {
    const { run, calls } = engine({ ...rejected, status });
    const end = definition.handler(run, { table: "orders" });
    await expect(end).rejects.toMatchObject({
      name: "NotApprovedError",
      outcome: { status, approved: false, reason: "Too risky", decidedBy: [{ id: "bo" }], approvalId: "apr_1" },
    });
    expect(calls).not.toContain("purge");
  },
);

test("a handler that asks although it is approved is told so instead of asking for ever", async () => {
  const { run } = engine(approved);
  const careless = workflow("careless", { version: 1 }, async () => Interrupt.approval());
  await expect(careless.handler(run, null)).rejects.toThrow("only if (!run.approved)");
});

test("a name that was a step before the interrupt can't be a gate after it", async () => {
  const { run } = engine(approved);
  const mixed = workflow("mixed", { version: 1 }, async (context) => {
    if (context.approved) return (await context.approval("draw", { title: "Draw?" })).status;
    await context.step("draw", () => 1);
    return Interrupt.approval();
  });
  await expect(mixed.handler(run, null)).rejects.toThrow('"draw" was a step before the interrupt');
});

test("B6: what a handler does to its input is not what people are shown, nor what its next call gets", async () => {
  const seen: string[] = [];
  const renames = workflow("renames", { version: 1 }, async (run, input: { table: string }) => {
    seen.push(input.table);
    input.table = "other";
    return run.approved ? "done" : Interrupt.approval();
  });
  const { run, requests } = engine(approved);
  await renames.handler(run, { table: "rows" });
  expect(seen).toEqual(["rows", "rows"]);
  expect(requests).toMatchObject([{ action: { args: { table: "rows" } } }]);
});
