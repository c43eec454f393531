import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { getApproval } from "../store/approvals-table.ts";
import { listEvents } from "../store/events-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { startNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

/** Counts effects, and fails where it is told to. */
function outside() {
  const effects: string[] = [];
  const broken = new Set<string>();
  const effect = (name: string) => () => {
    effects.push(name);
    if (broken.has(name)) throw new Error(`${name} is down`);
    return name;
  };
  return { effects, broken, effect };
}

describe.each(testDatabases)("retrying on $name", (kind) => {
  test("an invocation that failed is made again, with a new run; the one that failed stays as it is", async () => {
    const { broken, effect } = outside();
    const child = workflow("child", { version: 1 }, (run) => run.step("work", effect("work"), { retries: 0 }));
    const parent = workflow("parent", { version: 1 }, (run) => run.invoke("child", "child", { input: null }));
    await using node = await startTestNode({ workflows: [parent, child] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "parent", input: null });
    const first = (await reaches(node, run, "failed")).steps?.[0]?.childRunId ?? "";
    broken.clear();
    await node.runs.retry(ana, run.id);
    const done = await reaches(node, run, "completed");
    expect(done).toMatchObject({ output: "work", steps: [{ name: "child", status: "completed" }] });
    const second = done.steps?.[0]?.childRunId ?? "";
    expect(second).not.toBe(first);
    expect((await node.runs.get(ana, first)).status).toBe("failed");
    const { items } = await node.runs.list(ana);
    expect(items.map(({ id }) => id).sort()).toEqual([run.id, first, second].sort());
  });

  test("a child that failed and is retried itself doesn't answer the invocation that has failed with it", async () => {
    const { broken, effect } = outside();
    const child = workflow("child", { version: 1 }, (run) => run.step("work", effect("work"), { retries: 0 }));
    const parent = workflow("parent", { version: 1 }, (run) => run.invoke("child", "child", { input: null }));
    await using node = await startTestNode({ workflows: [parent, child] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "parent", input: null });
    const failed = await reaches(node, run, "failed");
    broken.clear();
    const below = await node.runs.retry(ana, failed.steps?.[0]?.childRunId ?? "");
    await reaches(node, below, "completed");
    expect(await node.runs.get(ana, run.id)).toEqual(failed);
  });

  test("a wait for an event that was open when the run failed is open again, and finds what came meanwhile", async () => {
    for (const when of ["before", "after"]) {
      const { broken, effect } = outside();
      const both = workflow("both", { version: 1 }, (run) =>
        Promise.all([
          run.waitForEvent("wait", { event: "paid" }).then((event) => event?.data),
          run.step("work", effect("work"), { retries: 0 }),
        ]),
      );
      await using node = await startTestNode({ workflows: [both] }, kind);
      broken.add("work");
      const run = await node.runs.start(ana, { workflow: "both", input: null });
      await reaches(node, run, "failed");
      broken.clear();
      if (when === "before") await node.runs.send(ana, { name: "paid", data: 7 });
      await node.runs.retry(ana, run.id);
      if (when === "after") {
        await reaches(node, run, "waiting");
        await node.runs.send(ana, { name: "paid", data: 7 });
      }
      expect((await reaches(node, run, "completed")).output).toEqual([7, "work"]);
    }
  });

  test("completed steps keep their results, and the failed one is attempted again, with all its retries", async () => {
    const { effects, broken, effect } = outside();
    const mail = workflow("mail", { version: 1 }, async (run) => {
      const draft = await run.step("draft", effect("draft"));
      const { status } = await run.approval("ask", { title: "Send?" });
      return [draft, status, await run.step("send", effect("send"), { retries: 1, backoff: "1ms" })];
    });
    await using node = await startTestNode({ workflows: [mail] }, kind);
    broken.add("send");
    const run = await node.runs.start(ana, { workflow: "mail", input: null });
    await decide(node, await reaches(node, run, "waiting"), "ask", { approved: true });
    const failed = await reaches(node, run, "failed");
    expect(failed).toMatchObject({ error: { steps: ["send"] }, steps: [{}, {}, { status: "failed", attempts: 2 }] });
    await node.runs.retry(ana, run.id);
    const again = await reaches(node, run, ({ status }) => status === "failed");
    expect(again.steps?.[2]).toMatchObject({ attempts: 2 });
    broken.clear();
    expect(await node.runs.retry(ana, run.id)).not.toHaveProperty("error");
    const ended = await reaches(node, run, "completed");
    expect(ended).toMatchObject({ output: ["draft", "approved", "send"] });
    expect(ended.steps?.map(({ name }) => name)).toEqual(["draft", "ask", "send"]);
    expect(effects).toEqual(["draft", "send", "send", "send", "send", "send"]);
    const events = await listEvents(node.store.reader, "default", { limit: 100 });
    const ofRun = events.filter(({ type }) => type.startsWith("run."));
    expect(ofRun.map(({ type }) => type)).toEqual([
      "run.created",
      "run.failed",
      "run.retried",
      "run.failed",
      "run.retried",
      "run.completed",
    ]);
    expect(ofRun[2]).toMatchObject({ actor: { id: "ana" } });
  });

  test("what the run asked besides when it failed is asked again", async () => {
    const { broken, effect } = outside();
    const both = workflow("both", { version: 1 }, async (run) => {
      await run.approval("first", { title: "First?" });
      const [review] = await Promise.all([
        run.approval("ask", { title: "Ask?" }),
        run.sleep("nap", "1ms").then(() => run.step("work", effect("work"), { retries: 0 })),
      ]);
      return review.status;
    });
    await using node = await startTestNode({ workflows: [both] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "both", input: null });
    await decide(node, await reaches(node, run, "waiting"), "first", { approved: true });
    const failed = await reaches(node, run, "failed");
    const withdrawn = gateOf(failed, "ask");
    expect(withdrawn.output).toMatchObject({ status: "cancelled", reason: "The run has failed." });
    broken.clear();
    await node.runs.retry(ana, run.id);
    const asking = await reaches(
      node,
      run,
      ({ status, steps }) => status === "waiting" && steps?.find(({ name }) => name === "work")?.status === "completed",
    );
    const again = gateOf(asking, "ask");
    expect(again).toMatchObject({ status: "waiting", attempts: 2 });
    expect(again.approvalId).not.toBe(withdrawn.approvalId);
    expect(await getApproval(node.store.reader, "default", again.approvalId)).toMatchObject({ status: "pending" });
    await decide(node, asking, "ask", { approved: true });
    expect(await reaches(node, run, "completed")).toMatchObject({ output: "approved" });
  });

  test("an event that the run waited for besides when it failed is waited for again, from its creation on", async () => {
    const { broken, effect } = outside();
    const both = workflow("both", { version: 1 }, async (run) => {
      const [one, two] = await Promise.all([
        run.waitForEvent("one", { event: "one", timeout: "1h" }),
        run.waitForEvent("two", { event: "two" }),
        run.sleep("nap", "1ms").then(() => run.step("work", effect("work"), { retries: 0 })),
      ]);
      return [one?.data ?? null, two?.data ?? null];
    });
    await using node = await startTestNode({ workflows: [both] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "both", input: null });
    await reaches(node, run, "failed");
    await node.runs.send(ana, { name: "one", data: 1 });
    broken.clear();
    await node.runs.retry(ana, run.id);
    await reaches(node, run, "waiting");
    await node.runs.send(ana, { name: "two", data: 2 });
    expect(await reaches(node, run, "completed")).toMatchObject({ output: [1, 2] });
    expect(await node.store.reader.selectFrom("event_waits").select("step").execute()).toEqual([]);
  });

  test("a run that it had invoked, and that was cancelled when it failed, is invoked again", async () => {
    const { broken, effect } = outside();
    const child = workflow("child", { version: 1 }, async (run) => (await run.approval("ask", { title: "?" })).status);
    const parent = workflow("parent", { version: 1 }, async (run) => {
      const [status] = await Promise.all([
        run.invoke("child", "child", { input: null }),
        run.sleep("nap", "1ms").then(() => run.step("work", effect("work"), { retries: 0 })),
      ]);
      return status;
    });
    await using node = await startTestNode({ workflows: [child, parent] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "parent", input: null });
    const failed = await reaches(node, run, "failed");
    const first = failed.steps?.[0]?.childRunId ?? "";
    expect(await node.runs.get(ana, first)).toMatchObject({ status: "cancelled" });
    broken.clear();
    await node.runs.retry(ana, run.id);
    const waiting = await reaches(node, run, "waiting");
    const second = await node.runs.get(ana, waiting.steps?.[0]?.childRunId ?? "");
    expect(second.id).not.toBe(first);
    await decide(node, await reaches(node, second, "waiting"), "ask", { approved: true });
    expect(await reaches(node, run, "completed")).toMatchObject({ output: "approved" });
  });

  test("a race that failed is run again: what it had let go of is no winner", async () => {
    const { broken, effect } = outside();
    const racing = workflow("racing", { version: 1 }, async (run) => {
      const won = await run.race({
        work: (branch) =>
          branch.sleep("nap", "1ms").then(() => branch.step("work", effect("work"), { retries: 0, backoff: "1ms" })),
        ask: (branch) => branch.approval("ask", { title: "Ask?" }),
        time: (branch) => branch.sleep("late", "1h"),
        paid: (branch) => branch.waitForEvent("paid", { event: "paid" }),
      });
      return won.branch;
    });
    await using node = await startTestNode({ workflows: [racing] }, kind);
    broken.add("work");
    const run = await node.runs.start(ana, { workflow: "racing", input: null });
    const failed = await reaches(node, run, "failed");
    expect(gateOf(failed, "ask").output).toMatchObject({ status: "cancelled" });
    await node.runs.retry(ana, run.id);
    expect(await reaches(node, run, "failed")).toMatchObject({ error: { steps: ["work"] } });
    broken.clear();
    await node.runs.retry(ana, run.id);
    expect(await reaches(node, run, "completed")).toMatchObject({ output: "work" });
  });

  test("a decision stays with what it was about: a step that is attempted again keeps its place before what came later", async () => {
    const { broken, effect } = outside();
    const mailed: string[] = [];
    const mails = workflow("mails", { version: 1 }, async (run) => {
      const errors: unknown[] = [];
      const mail = async (to: string) => {
        const written = effect(to);
        const draft = await run.step("draft", written, { retries: 0 }).catch((error) => {
          errors.push(error);
          return `template for ${to}`;
        });
        const review = await run.approval("send", {
          title: `Send to ${to}?`,
          action: { name: "send", args: { draft } },
        });
        if (errors.length === 0 && review.approved) await run.step("mail", () => void mailed.push(to));
      };
      await Promise.all(["anna", "bert", "carl"].map(mail));
      if (errors.length > 0) throw new AggregateError(errors);
    });
    await using node = await startTestNode({ workflows: [mails] }, kind);
    broken.add("anna").add("carl");
    const run = await node.runs.start(ana, { workflow: "mails", input: null });
    const allAsked = ({ status, steps }: Run) =>
      status === "waiting" && steps?.filter(({ approvalId }) => approvalId).length === 3;
    const asking = await reaches(node, run, allAsked);
    for (const { name, approvalId } of asking.steps ?? []) {
      if (approvalId === undefined) continue;
      const { title } = (await getApproval(node.store.reader, "default", approvalId)) ?? {};
      await decide(node, asking, name, { approved: title === "Send to anna?" });
    }
    await reaches(node, run, "failed");
    broken.delete("anna");
    await node.runs.retry(ana, run.id);
    expect(await reaches(node, run, "failed")).toMatchObject({ error: { steps: [expect.stringMatching(/^draft/)] } });
    broken.clear();
    await node.runs.retry(ana, run.id);
    await reaches(node, run, "completed");
    expect(mailed).toEqual(["anna"]);
  });

  test("two retries at once set the run going once", async () => {
    const { effects, broken, effect } = outside();
    const mail = workflow("mail", { version: 1 }, async (run) => run.step("send", effect("send"), { retries: 0 }));
    await using node = await startTestNode({ workflows: [mail] }, kind);
    broken.add("send");
    const run = await node.runs.start(ana, { workflow: "mail", input: null });
    await reaches(node, run, "failed");
    broken.clear();
    const both = await Promise.allSettled([node.runs.retry(ana, run.id), node.runs.retry(ana, run.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await reaches(node, run, "completed");
    expect(effects).toEqual(["send", "send"]);
  });
});

test("a failure that the handler has gone on from is not made undone", async () => {
  const { effects, broken, effect } = outside();
  const tolerant = workflow("tolerant", { version: 1 }, async (run) => {
    const charged = await run.step("charge", effect("charge"), { retries: 0 }).catch(() => "not charged");
    await run.step("note", effect("note"));
    await run.step("send", effect("send"), { retries: 0 });
    return charged;
  });
  await using node = await startTestNode({ workflows: [tolerant] });
  broken.add("charge").add("send");
  const run = await node.runs.start(ana, { workflow: "tolerant", input: null });
  await reaches(node, run, "failed");
  broken.clear();
  await node.runs.retry(ana, run.id);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "not charged" });
  expect(effects).toEqual(["charge", "note", "send", "send"]);
});

test.each([
  ["an error of the handler's own", () => new Error("Two services are down")],
  ["an error that wraps theirs", (failures: unknown[]) => new Error("No", { cause: new AggregateError(failures) })],
])("steps that failed together are attempted again together, after %s", async (_what, wrap) => {
  const { effects, broken, effect } = outside();
  const wide = workflow("wide", { version: 1 }, async (run) => {
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((name) => run.step(name, effect(name), { retries: 0 })),
    );
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    if (failures.length > 0) throw wrap(failures);
    return "done";
  });
  await using node = await startTestNode({ workflows: [wide] });
  broken.add("a").add("c");
  const run = await node.runs.start(ana, { workflow: "wide", input: null });
  expect(await reaches(node, run, "failed")).toMatchObject({ error: { steps: ["a", "c"] } });
  broken.clear();
  await node.runs.retry(ana, run.id);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "done" });
  expect(effects).toEqual(["a", "b", "c", "a", "c"]);
});

test("a handler that failed by itself is called again, with what is recorded", async () => {
  let fixed = false;
  let drafts = 0;
  const buggy = workflow("buggy", { version: 1 }, async (run) => {
    const draft = await run.step("draft", () => ++drafts);
    if (!fixed) throw new TypeError("Oops");
    return draft;
  });
  await using node = await startTestNode({ workflows: [buggy] });
  const run = await node.runs.start(ana, { workflow: "buggy", input: null });
  await reaches(node, run, "failed");
  fixed = true;
  await node.runs.retry(ana, run.id);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: 1 });
});

test("a retried run that is waiting survives the process", async () => {
  const { broken, effect } = outside();
  const mail = workflow("mail", { version: 1 }, async (run) => {
    await run.step("send", effect("send"), { retries: 0 });
    return (await run.approval("ask", { title: "?" })).status;
  });
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  let stuck = false;
  const never = new Promise<void>(() => undefined);
  const failpoint = (name: string) => (name === "after-claim" && stuck ? never : undefined);
  const before = await startNode(location(), { workflows: [mail], failpoint });
  broken.add("send");
  const run = await before.runs.start(ana, { workflow: "mail", input: null });
  await reaches(before, run, "failed");
  stuck = true;
  await before.runs.retry(ana, run.id);
  await before.crash();
  broken.clear();
  const after = await startNode(location(), { workflows: [mail] });
  await decide(after, await reaches(after, run, "waiting"), "ask", { approved: true });
  expect(await reaches(after, run, "completed")).toMatchObject({ output: "approved" });
  await after.stop();
});

test("only a failed run is retried, by who may change it", async () => {
  const asking = workflow("asking", { version: 1 }, async (run) => (await run.approval("ask", { title: "?" })).status);
  await using node = await startTestNode({ workflows: [asking] });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  await reaches(node, run, "waiting");
  await expect(node.runs.retry(ana, run.id)).rejects.toMatchObject({
    code: "invalid_request",
    message: `Run ${run.id} is waiting; only a failed run can be retried.`,
  });
  await node.runs.cancel(ana, run.id);
  await expect(node.runs.retry(ana, run.id)).rejects.toMatchObject({ code: "already_resolved" });
  await expect(node.runs.retry(bo, run.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(node.runs.retry({ ...bo, role: "auditor" }, run.id)).rejects.toMatchObject({ code: "forbidden" });
});

test("a gate whose name is too long for a key is asked anew too", async () => {
  const { broken, effect } = outside();
  const name = "x".repeat(200);
  const both = workflow("both", { version: 1 }, async (run) => {
    const napAndWork = run.sleep("nap", "1ms").then(() => run.step("work", effect("work"), { retries: 0 }));
    const [{ status }] = await Promise.all([run.approval(name, { title: "Ask?" }), napAndWork]);
    return status;
  });
  await using node = await startTestNode({ workflows: [both] });
  broken.add("work");
  const run = await node.runs.start(ana, { workflow: "both", input: null });
  const withdrawn = gateOf(await reaches(node, run, "failed"), name);
  broken.clear();
  await node.runs.retry(ana, run.id);
  const asking = await reaches(node, run, ({ steps }) => steps?.some(({ attempts }) => attempts === 2) ?? false);
  expect(gateOf(asking, name).approvalId).not.toBe(withdrawn.approvalId);
  await decide(node, asking, name, { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("approved");
});

test("what comes while a step is attempted again comes after it, now and in every later replay", async () => {
  const { broken, effect } = outside();
  const finish = Promise.withResolvers<void>();
  const passes: string[][] = [];
  const wide = workflow("wide", { version: 1 }, async (run) => {
    const order: string[] = [];
    passes.push(order);
    const came = (name: string) => () => void order.push(name);
    const errors: unknown[] = [];
    const flaky = async () => {
      await finish.promise;
      return effect("flaky")();
    };
    await Promise.all([
      run.step("flaky", broken.has("flaky") ? effect("flaky") : flaky, { retries: 0 }).then(came("flaky"), (error) => {
        errors.push(error);
      }),
      run.sleep("nap", "1ms").then(came("nap")),
      run.approval("ask", { title: "Ask?" }).then(came("ask")),
      run.sleep("long nap", "20ms").then(() => {
        came("long nap")();
        if (errors.length > 0) throw new AggregateError(errors);
      }),
    ]);
    await run.approval("last", { title: "Last?" });
    return order;
  });
  await using node = await startTestNode({ workflows: [wide] });
  broken.add("flaky");
  const run = await node.runs.start(ana, { workflow: "wide", input: null });
  await reaches(node, run, "failed");
  broken.clear();
  passes.length = 0;
  await node.runs.retry(ana, run.id);
  const asking = await reaches(node, run, ({ steps }) => steps?.some(({ attempts }) => attempts === 2) ?? false);
  await decide(node, asking, "ask", { approved: true });
  await reaches(node, run, ({ steps }) => steps?.find(({ name }) => name === "ask")?.status === "completed");
  expect(passes.at(-1)).toEqual([]);
  finish.resolve();
  await decide(node, await reaches(node, run, "waiting"), "last", { approved: true });
  const { output } = await reaches(node, run, "completed");
  expect(output).toEqual(["flaky", "nap", "long nap", "ask"]);
  expect(passes).toEqual(passes.map(() => output));
});

test("a run whose step waits for its next attempt isn't taken up for what is held back meanwhile", async () => {
  const { effects, broken, effect } = outside();
  const clock = createTestClock();
  let passes = 0;
  const wide = workflow("wide", { version: 1 }, async (run) => {
    passes += 1;
    const failure = run.step("flaky", effect("flaky"), { retries: 1, backoff: "1h" }).catch((error) => error);
    await Promise.all([failure, run.sleep("nap", "1m"), run.sleep("long nap", "3h")]);
    if ((await failure) instanceof Error) throw await failure;
    return "done";
  });
  await using node = await startTestNode({ workflows: [wide], clock });
  broken.add("flaky");
  const run = await node.runs.start(ana, { workflow: "wide", input: null });
  await eventually(async () => {
    clock.advance(60_000);
    return (await node.runs.get(ana, run.id)).status === "failed";
  });
  await node.runs.retry(ana, run.id);
  await reaches(node, run, ({ status }) => status === "waiting");
  const before = passes;
  for (let minute = 0; minute < 20; minute++) {
    clock.advance(60_000);
    await node.store.ping();
  }
  expect(passes).toBe(before);
  broken.clear();
  clock.advance(7_200_000);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "done" });
  expect(effects).toEqual(["flaky", "flaky", "flaky", "flaky"]);
});

test("a step that the handler doesn't call any more holds nothing back", async () => {
  const { broken, effect } = outside();
  let changed = false;
  const wide = workflow("wide", { version: 1 }, async (run) => {
    const failure = changed ? undefined : run.step("old", effect("old"), { retries: 0 }).catch((error) => error);
    const napped = run.sleep("nap", "1ms").then(() => "napped");
    await Promise.all([failure, napped]);
    if (failure) throw await failure;
    return napped;
  });
  await using node = await startTestNode({ workflows: [wide] });
  broken.add("old");
  const run = await node.runs.start(ana, { workflow: "wide", input: null });
  await reaches(node, run, "failed");
  changed = true;
  await node.runs.retry(ana, run.id);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "napped" });
});

test("a sleep that was open when the run failed ends in its time, while a step is attempted again", async () => {
  const { broken, effect } = outside();
  const clock = createTestClock();
  const attempted = Promise.withResolvers<void>();
  const never = Promise.withResolvers<string>();
  const racing = workflow("racing", { version: 1 }, async (run) => {
    await run.step("before", effect("before"));
    const work = () => {
      if (broken.has("work")) return effect("work")();
      attempted.resolve();
      return never.promise;
    };
    return Promise.race([run.step("work", work, { retries: 0 }), run.sleep("late", "1h").then(() => "late")]);
  });
  await using node = await startTestNode({ workflows: [racing], clock });
  broken.add("work");
  const run = await node.runs.start(ana, { workflow: "racing", input: null });
  await reaches(node, run, "failed");
  broken.clear();
  await node.runs.retry(ana, run.id);
  await attempted.promise;
  clock.advance(3_600_000);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: "late" });
  never.resolve("too late");
});

test("a gate that lost a race pauses a retried run that is kept from its outcome, as any other does", async () => {
  let broken = true;
  const child = workflow("child", { version: 1 }, async (run) => {
    await run.approval("go", { title: "Go on?" });
    if (broken) throw new Error("The child is down.");
    return "made";
  });
  const parent = workflow("parent", { version: 1 }, async (run) => {
    const made = run.invoke("child", "child", { input: null });
    await Promise.race([run.approval("gate", { title: "Go on?" }), run.waitForEvent("soon", { event: "soon" })]);
    await run.waitForEvent("late", { event: "late" });
    return made;
  });
  const [kind] = testDatabases;
  if (!kind) throw new Error("There is no database to test on.");
  await using database = await kind.create();
  const both = { workflows: [parent, child] };
  const first = await startNode(database.location(), both);
  const run = await first.runs.start(ana, { workflow: "parent", input: null });
  const waiting = await reaches(first, run, (run) => run.status === "waiting" && run.steps?.length === 3);
  const below = { ...run, id: waiting.steps?.find(({ name }) => name === "child")?.childRunId ?? "" };
  const asks = await reaches(first, below, "waiting");
  await first.stop();
  // Without the parent's definition, what settles is there all at once when a node has it again.
  const second = await startNode(database.location(), { workflows: [child] });
  await second.runs.send(ana, { name: "soon" });
  await decide(second, asks, "go", { approved: true });
  await reaches(second, below, "failed");
  await decide(second, waiting, "gate", { approved: true });
  await second.stop();
  await using third = await startNode(database.location(), both);
  await reaches(third, run, (run) => run.status === "waiting" && run.steps?.length === 4);
  await third.runs.send(ana, { name: "late" });
  await reaches(third, run, "failed");
  broken = false;
  await third.runs.retry(ana, run.id);
  const paused = await reaches(third, run, "waiting");
  const again = { ...run, id: paused.steps?.find(({ name }) => name === "child")?.childRunId ?? "" };
  await decide(third, await reaches(third, again, "waiting"), "go", { approved: true });
  expect((await third.runs.wait(ana, run.id)).output).toBe("made");
});
