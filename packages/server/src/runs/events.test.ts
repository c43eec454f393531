import { durationMs, type EventWait, type Json, type Run, type SentEvent, workflow } from "@holdpoint/core";
import type { KyselyPlugin } from "kysely";
import { describe, expect, test } from "vitest";
import { listEvents } from "../store/events-table.ts";
import type { Transaction } from "../store/store.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, eventually, reaches, startTestNode } from "./test-runs.ts";

/** Waits for one event as its input says. */
const waiter = workflow("waiter", { version: 1 }, async (run, { wait }: { wait: EventWait }) => {
  const event = await run.waitForEvent("wait", wait);
  return event?.data ?? null;
});

const send = (node: RunsNode, name: string, data: Json, id?: string) =>
  node.runs.send(ana, { name, data, ...(id !== undefined && { id }) });

const start = (node: RunsNode, input: Json, name = "waiter") => node.runs.start(ana, { workflow: name, input });

const waiting = async (node: RunsNode, input: Json) => reaches(node, await start(node, input), "waiting");

describe.each(testDatabases)("events on $name", (kind) => {
  test("a run goes on with the event that it waits for, and shows what it waited for", async () => {
    await using node = await startTestNode({ workflows: [waiter] }, kind);
    const run = await waiting(node, { wait: { event: "paid", match: { "data.order": 7 }, if: "async.data.sum > 1" } });
    const awaited = { name: "paid", match: { "data.order": 7 }, if: "async.data.sum > 1" };
    expect(run.steps).toMatchObject([{ name: "wait", kind: "event", status: "waiting", event: awaited }]);
    await send(node, "paid", { order: 8, sum: 2 });
    await send(node, "sent", { order: 7, sum: 2 });
    await send(node, "paid", { order: 7, sum: 1 });
    const { event } = await send(node, "paid", { order: 7, sum: 2 });
    const done = await reaches(node, run, "completed");
    expect(done.output).toEqual({ order: 7, sum: 2 });
    expect(done.steps).toMatchObject([{ status: "completed", output: event }]);
    expect(await waits(node)).toBe(0);
  });

  test("a match by path wants the value that the run's input has", async () => {
    await using node = await startTestNode({ workflows: [waiter] }, kind);
    const wait = { event: "paid", match: "data.order" };
    const runs = await Promise.all([1, 2, 3].map((order) => waiting(node, { wait, order })));
    for (const order of [3, 1, 2]) await send(node, "paid", { order, by: `payer ${order}` });
    for (const [i, run] of runs.entries()) {
      expect((await reaches(node, run, "completed")).output).toEqual({ order: i + 1, by: `payer ${i + 1}` });
    }
  });

  test("A4: fifty waits of one run each get the response with their own id", async () => {
    const fifty = workflow("fifty", { version: 1 }, (run) =>
      Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const wait = { event: "responded", match: { "data.approvalId": `${n}` }, timeout: "1h" };
          const event = await run.waitForEvent<{ approved: boolean }>("response", wait);
          return event?.data.approved ?? null;
        }),
      ),
    );
    await using node = await startTestNode({ workflows: [fifty] }, kind);
    const run = await reaches(node, await start(node, null, "fifty"), "waiting");
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => send(node, "responded", { approvalId: `${49 - n}`, approved: n % 3 === 0 })),
    );
    const done = await reaches(node, run, "completed");
    expect(done.output).toEqual(Array.from({ length: 50 }, (_, n) => (49 - n) % 3 === 0));
  });

  test("when the time is up first the wait gives null, and a late event changes nothing", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [waiter], clock }, kind);
    const run = await waiting(node, { wait: { event: "paid", timeout: "24h" } });
    clock.advance(durationMs("24h"));
    const done = await reaches(node, run, ({ status }) => {
      clock.advance(1_000);
      return status === "completed";
    });
    expect(done.output).toBe(null);
    await send(node, "paid", 1);
    expect(await waits(node)).toBe(0);
    expect((await node.runs.get(ana, run.id)).steps).toEqual(done.steps);
  });

  test("an event that came before the run waits for it is found", async () => {
    const release = Promise.withResolvers<void>();
    const slow = workflow("slow", { version: 1 }, async (run) => {
      await run.step("prepare", () => release.promise);
      const [plain, keyed, none] = await Promise.all([
        run.waitForEvent("plain", { event: "paid", if: "async.data.n > 1" }),
        run.waitForEvent("keyed", { event: "paid", match: { "data.n": 3 } }),
        run.waitForEvent("none", { event: "paid", match: { "data.n": 9 }, timeout: "1ms" }),
      ]);
      return [plain?.data, keyed?.data, none];
    });
    await using node = await startTestNode({ workflows: [slow] }, kind);
    const run = await start(node, null, "slow");
    for (const n of [1, 2, 3]) await send(node, "paid", { n });
    release.resolve();
    expect((await reaches(node, run, "completed")).output).toEqual([{ n: 2 }, { n: 3 }, null]);
  });

  test("an event that was sent before the run was created is not for it", async () => {
    await using node = await startTestNode({ workflows: [waiter] }, kind);
    await send(node, "paid", { order: 7, n: "before" });
    const runs = [
      await waiting(node, { wait: { event: "paid" } }),
      await waiting(node, { wait: { event: "paid", match: "data.order" }, order: 7 }),
    ];
    await send(node, "paid", { order: 7, n: "after" });
    for (const run of runs) expect((await reaches(node, run, "completed")).output).toMatchObject({ n: "after" });
  });

  test("waits one after the other each get an event of their own, in the order they came", async () => {
    const three = workflow("three", { version: 1 }, async (run) => {
      const got: Json[] = [];
      for (let n = 0; n < 3; n++) got.push((await run.waitForEvent("next", { event: "tick" }))?.data ?? null);
      return got;
    });
    await using node = await startTestNode({ workflows: [three] }, kind);
    const run = await reaches(node, await start(node, null, "three"), "waiting");
    for (const n of [1, 2, 3]) await send(node, "tick", n);
    expect((await reaches(node, run, "completed")).output).toEqual([1, 2, 3]);
  });

  test("waits that open together each get an earlier event of their own", async () => {
    const late = workflow("late", { version: 1 }, async (run) => {
      await run.waitForEvent("go", { event: "go" });
      const both = [run.waitForEvent("one", { event: "tick" }), run.waitForEvent("two", { event: "tick" })];
      return (await Promise.all(both)).map((event) => event?.data ?? null);
    });
    await using node = await startTestNode({ workflows: [late] }, kind);
    const run = await reaches(node, await start(node, null, "late"), "waiting");
    for (const n of [1, 2]) await send(node, "tick", n);
    await send(node, "go", null);
    expect((await reaches(node, run, "completed")).output).toEqual([1, 2]);
  });

  test("one event goes to every run that waits for it, and to all waits of a run that are open", async () => {
    const both = workflow("both", { version: 1 }, (run) =>
      Promise.all([run.waitForEvent("one", { event: "tick" }), run.waitForEvent("two", { event: "tick" })]),
    );
    await using node = await startTestNode({ workflows: [waiter, both] }, kind);
    const one = await waiting(node, { wait: { event: "tick" } });
    const two = await reaches(node, await start(node, null, "both"), "waiting");
    const { event } = await send(node, "tick", 1);
    expect((await reaches(node, one, "completed")).output).toBe(1);
    expect((await reaches(node, two, "completed")).output).toEqual([event, event]);
  });

  test("an event goes to a run that executes a step meanwhile", async () => {
    const finish = Promise.withResolvers<string>();
    const mixed = workflow("mixed", { version: 1 }, async (run) => {
      const slow = run.step("slow", () => finish.promise);
      await run.waitForEvent("wait", { event: "tick" });
      await run.step("woken", () => "woken");
      return slow;
    });
    await using node = await startTestNode({ workflows: [mixed] }, kind);
    const run = await start(node, null, "mixed");
    await reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "wait") ?? false);
    await send(node, "tick", 1);
    await reaches(node, run, ({ steps }) => steps?.some(({ name }) => name === "woken") ?? false);
    finish.resolve("slow");
    await reaches(node, run, "completed");
  });

  test("the same id twice is one event; with another content it is refused", async () => {
    await using node = await startTestNode({ workflows: [waiter] }, kind);
    const first = await send(node, "paid", { sum: 1 }, "pay-7");
    expect(first).toMatchObject({ created: true, event: { id: "pay-7", name: "paid", data: { sum: 1 } } });
    const again = await Promise.all([1, 2].map(() => send(node, "paid", { sum: 1 }, "pay-7")));
    for (const each of again) expect(each).toEqual({ ...first, created: false });
    const conflict = { code: "idempotency_conflict" };
    await expect(send(node, "paid", { sum: 2 }, "pay-7")).rejects.toMatchObject(conflict);
    await expect(send(node, "sent", { sum: 1 }, "pay-7")).rejects.toMatchObject(conflict);
    const log = await listEvents(node.store.reader, "default", { limit: 10 });
    expect(log).toMatchObject([{ type: "event.received", actor: { id: "ana" }, data: { id: "pay-7", name: "paid" } }]);
  });

  test("an event stays in its tenant", async () => {
    await using node = await startTestNode({ workflows: [waiter] }, kind);
    const run = await waiting(node, { wait: { event: "paid" } });
    await node.runs.send({ ...ana, tenantId: "other" }, { name: "paid", data: "theirs", id: "1" });
    await send(node, "paid", "ours", "1");
    expect((await reaches(node, run, "completed")).output).toBe("ours");
  });

  test("an event and the end of the time at once leave one of them the winner", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [waiter], clock }, kind);
    for (let round = 0; round < 10; round++) {
      const run = await waiting(node, { wait: { event: "paid", match: "data.round", timeout: "1h" }, round });
      clock.advance(durationMs("1h"));
      await send(node, "paid", { round });
      const done = await reaches(node, run, ({ status }) => {
        clock.advance(1_000);
        return status === "completed";
      });
      expect([null, { round }]).toContainEqual(done.output);
      expect(done.steps?.[0]?.output).toEqual(done.output === null ? null : expect.objectContaining({ name: "paid" }));
    }
  });

  test("a cancelled run waits no more, nor does one that has ended without its wait", async () => {
    const impatient = workflow("impatient", { version: 1 }, async (run) => {
      await Promise.race([run.waitForEvent("wait", { event: "paid" }), run.sleep("nap", "1ms")]);
    });
    await using node = await startTestNode({ workflows: [waiter, impatient] }, kind);
    await reaches(node, await start(node, null, "impatient"), "completed");
    const run = await waiting(node, { wait: { event: "paid" } });
    await node.runs.cancel(ana, run.id);
    expect(await waits(node)).toBe(0);
    await send(node, "paid", 1);
    expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "cancelled", steps: [{ status: "waiting" }] });
  });
});

test.each([
  [{ event: "paid", if: "async.data.sum >" }, /if: "async\.data\.sum >" is not an expression/],
  [{ event: "paid", match: "data.order" }, /match: the run's input has nothing at data\.order/],
  [{ event: "paid", timeout: "soon" }, /timeout: must be a duration/],
])("a wait such as %j fails the run with an error that names the field", async (wait, message) => {
  await using node = await startTestNode({ workflows: [waiter] });
  const run = await reaches(node, await start(node, { wait }), "failed");
  expect(run.error?.message).toMatch(message);
});

test("an event for hundreds of runs goes to each once, in a few statements for all", { timeout: 60_000 }, async () => {
  const twice = workflow("twice", { version: 1 }, async (run) => {
    const both = await Promise.all([
      run.waitForEvent("one", { event: "bell" }),
      run.waitForEvent("two", { event: "bell" }),
      run.waitForEvent("other", { event: "bell", if: "async.data == 2", timeout: "7d" }),
    ]);
    return both.map((event) => event?.data ?? null);
  });
  await using node = await startTestNode({ workflows: [waiter, twice] });
  const many = 300;
  const input = { wait: { event: "bell" } };
  const runs = await Promise.all(Array.from({ length: many }, () => start(node, input)));
  runs.push(await start(node, null, "twice"));
  await eventually(async () => (await waits(node)) === many + 3);
  for (const run of runs) await reaches(node, run, "waiting");

  const count = countStatements(node);
  await send(node, "bell", 1);
  // Two looks at some of the runs; then, for each power of two among them, the runs, their waits, and those that end.
  expect(count()).toBeLessThan(40);
  await send(node, "bell", 2);
  for (const run of runs.slice(0, many)) {
    const { output, steps } = await reaches(node, run, "completed");
    expect([output, steps?.length]).toEqual([1, 1]);
  }
  expect((await reaches(node, runs[many] as Run, "completed")).output).toEqual([1, 1, 2]);
  expect(await waits(node)).toBe(0);
});

test("an auditor can't send events", async () => {
  await using node = await startTestNode({ workflows: [] });
  const auditor = { ...ana, role: "auditor" as const };
  await expect(node.runs.send(auditor, { name: "paid" })).rejects.toMatchObject({ code: "forbidden" });
});

test("events are forgotten when their time is over, together and not one by one", async () => {
  const clock = createTestClock();
  const rememberEventsMs = durationMs("2d");
  await using node = await startTestNode({ workflows: [waiter], clock, rememberEventsMs });
  for (let n = 0; n < 20; n++) {
    await send(node, `n${n}`, n, `${n}`);
    clock.advance(1_000);
  }
  const count = async () => {
    const { length } = await node.store.reader.selectFrom("sent_events").select("seq").execute();
    return length;
  };
  clock.advance(rememberEventsMs - durationMs("1m"));
  await send(node, "later", null);
  expect(await count()).toBe(21);
  clock.advance(durationMs("2h"));
  await eventually(async () => {
    clock.advance(1_000);
    return (await count()) === 1;
  });
  expect(await node.store.reader.selectFrom("event_names").select("name").execute()).toEqual([{ name: "later" }]);
  expect(await send(node, "n0", "again", "0")).toMatchObject({ created: true });
});

test("more different paths than are indexed are waited for all the same", async () => {
  await using node = await startTestNode({ workflows: [waiter] });
  const runs = await Promise.all(
    Array.from({ length: 60 }, (_, n) => waiting(node, { wait: { event: "paid", match: { [`data.f${n}`]: true } } })),
  );
  await send(node, "paid", Object.fromEntries(runs.map((_, n) => [`f${n}`, true])));
  for (const run of runs) await reaches(node, run, "completed");
});

describe.each(sharedTestDatabases)("two nodes on $name", (kind) => {
  test("an event that is sent on one while the run begins to wait on the other is never lost", async () => {
    await using database = await kind.create();
    const one = await startNode(database.location(), { workflows: [waiter] });
    const two = await startNode(database.location(), { workflows: [] });
    const runs: [Run, Promise<SentEvent>][] = [];
    for (let order = 0; order < 30; order++) {
      const event = order % 2 === 0 ? "paid" : `paid ${order}`;
      const run = await start(one, { wait: order % 2 === 0 ? { event, match: "data.order" } : { event }, order });
      runs.push([run, send(two, event, { order }).then(({ event }) => event)]);
    }
    for (const [run, sending] of runs) {
      const { data } = await sending;
      expect((await reaches(one, run, "completed")).output).toEqual(data);
    }
    await one.stop();
    await two.stop();
  });

  test("the same event sent on both at once is one", async () => {
    await using database = await kind.create();
    const nodes = await Promise.all([1, 2].map(() => startNode(database.location(), { workflows: [] })));
    const results = await Promise.all(
      nodes.flatMap((node) => [send(node, "paid", 1, "a"), send(node, "paid", 1, "a")]),
    );
    expect(results.filter(({ created }) => created).length).toBe(1);
    for (const node of nodes) await node.stop();
  });
});

/** Waits for events that are open, of all runs. */
async function waits(node: RunsNode): Promise<number> {
  return (await node.store.reader.selectFrom("event_waits").select("step").execute()).length;
}

/** Counts what the next write executes. */
function countStatements(node: RunsNode): () => number {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements += 1;
      return result;
    },
  };
  const { write } = node.store;
  node.store.write = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    node.store.write = write;
    return write.call(node.store, (tx) => work({ ...tx, db: tx.db.withPlugin(plugin) })) as Promise<T>;
  };
  return () => statements;
}
