import { NonRetriableError, RetryAfterError, type StepContext, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

test("a recorded step gives its result without running again", async () => {
  let drafts = 0;
  const once = workflow("once", { version: 1 }, async (run) => {
    const draft = await run.step("draft", () => ({ attempt: ++drafts }));
    await run.approval("first", { title: "First?" });
    await run.approval("second", { title: "Second?" });
    return draft;
  });
  await using node = await startTestNode({ workflows: [once] });
  const run = await node.runs.start(ana, { workflow: "once", input: null });
  await decide(node, await reaches(node, run, "waiting"), "first", { approved: true });
  const later = await reaches(node, run, ({ steps }) => steps?.length === 3);
  await decide(node, later, "second", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toEqual({ attempt: 1 });
});

test("repeated names are numbered", async () => {
  const loop = workflow("loop", { version: 1 }, async (run) => {
    for (const n of [1, 2, 3]) await run.step("send", () => n);
  });
  await using node = await startTestNode({ workflows: [loop] });
  const run = await node.runs.start(ana, { workflow: "loop", input: null });
  const { steps } = await node.runs.wait(ana, run.id);
  expect(steps?.map(({ name, output }) => [name, output])).toEqual([
    ["send", 1],
    ["send#2", 2],
    ["send#3", 3],
  ]);
});

test("a step that throws is tried again later, with the same idempotency key", async () => {
  const clock = createTestClock();
  const attempts: { attempt: number; idempotencyKey: string }[] = [];
  const flaky = workflow("flaky", { version: 1 }, async (run) =>
    run.step("call", ({ attempt, idempotencyKey }) => {
      attempts.push({ attempt, idempotencyKey });
      if (attempt < 3) throw new Error("Service down");
      return "done";
    }),
  );
  await using node = await startTestNode({ workflows: [flaky], clock });
  const run = await node.runs.start(ana, { workflow: "flaky", input: null });
  const waiting = await reaches(node, run, "waiting");
  expect(waiting.steps).toMatchObject([{ status: "waiting", attempts: 1, error: { message: "Service down" } }]);
  clock.advance(1_000);
  await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.[0]?.attempts === 2);
  clock.advance(2_000);
  const ended = await reaches(node, run, "completed");
  expect(ended).toMatchObject({ output: "done", steps: [{ attempts: 3, status: "completed" }] });
  expect(ended.steps?.[0]).not.toHaveProperty("error");
  const idempotencyKey = `${run.id}:call`;
  expect(attempts).toEqual([1, 2, 3].map((attempt) => ({ attempt, idempotencyKey })));
});

test("a step's idempotency key can be sent as a header and is another for each step, whatever they are called", async () => {
  const names = ["plain: #1", "naïve ✉️", "naïve 📧", "two\nlines", "space ", "x".repeat(200), "é".repeat(200)];
  const keyed = workflow("keyed", { version: 1 }, async (run) =>
    Promise.all([...names, "é".repeat(200)].map((name) => run.step(name, ({ idempotencyKey }) => idempotencyKey))),
  );
  await using node = await startTestNode({ workflows: [keyed] });
  const run = await node.runs.start(ana, { workflow: "keyed", input: null });
  const keys = (await reaches(node, run, "completed")).output as string[];
  expect(keys[0]).toBe(`${run.id}:plain: #1`);
  expect(keys.map((key) => new Headers({ "idempotency-key": key }).get("idempotency-key"))).toEqual(keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(Math.max(...keys.map(({ length }) => length))).toBeLessThanOrEqual(255);
});

test("a step is not tried again before its backoff has passed", async () => {
  const clock = createTestClock();
  const flaky = workflow("flaky", { version: 1 }, async (run) => {
    await run.step(
      "call",
      () => {
        throw new Error("Service down");
      },
      { backoff: "1h" },
    );
  });
  await using node = await startTestNode({ workflows: [flaky], clock, random: () => 0.5 });
  const run = await node.runs.start(ana, { workflow: "flaky", input: null });
  const [step] = (await reaches(node, run, "waiting")).steps ?? [];
  expect(Date.parse(step?.wakeAt ?? "")).toBe(clock.now() + 0.9 * 3_600_000);
});

test("a step that throws a RetryAfterError is tried again when that says", async () => {
  const clock = createTestClock();
  const until = new Date(clock.now() + 86_400_000);
  const limited = workflow("limited", { version: 1 }, async (run) =>
    run.step("call", ({ attempt }) => {
      if (attempt === 1) throw new RetryAfterError("Too many requests", "30s");
      if (attempt === 2) throw new RetryAfterError("Quota used up", until);
      return attempt;
    }),
  );
  await using node = await startTestNode({ workflows: [limited], clock });
  const run = await node.runs.start(ana, { workflow: "limited", input: null });
  const first = await reaches(node, run, "waiting");
  expect(first.steps).toMatchObject([{ attempts: 1, wakeAt: new Date(clock.now() + 30_000).toISOString() }]);
  clock.advance(30_000);
  const second = await reaches(node, run, ({ steps }) => steps?.[0]?.error?.message === "Quota used up");
  expect(second.steps).toMatchObject([{ attempts: 2, wakeAt: until.toISOString() }]);
  clock.advance(86_400_000);
  expect(await reaches(node, run, "completed")).toMatchObject({ output: 3 });
});

test("a RetryAfterError doesn't give a step more attempts than it has", async () => {
  const limited = workflow("limited", { version: 1 }, async (run) =>
    run.step("call", () => Promise.reject(new RetryAfterError("Too many requests", "30s")), { retries: 0 }),
  );
  await using node = await startTestNode({ workflows: [limited] });
  const run = await node.runs.start(ana, { workflow: "limited", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    error: { message: 'Step "call" failed: Too many requests' },
    steps: [{ attempts: 1, error: { name: "RetryAfterError" } }],
  });
});

test("an attempt that takes longer than its timeout is told, fails, and what it returns late counts for nothing", async () => {
  const clock = createTestClock();
  const finish = Promise.withResolvers<string>();
  const reasons: unknown[] = [];
  const deaf = workflow("deaf", { version: 1 }, async (run) => {
    const call = ({ attempt, signal }: StepContext) => {
      signal.addEventListener("abort", () => reasons.push(signal.reason));
      return attempt === 1 ? finish.promise : "in time";
    };
    const result = await run.step("call", call, { timeout: "30s" });
    await run.approval("ask", { title: "Go on?" });
    return result;
  });
  await using node = await startTestNode({ workflows: [deaf], clock });
  const run = await node.runs.start(ana, { workflow: "deaf", input: null });
  await eventually(async () => clock.timers > 0);
  clock.advance(29_999);
  await reaches(node, run, ({ steps }) => steps?.[0]?.status === "running");
  expect(reasons).toEqual([]);
  clock.advance(1);
  const failed = await reaches(node, run, "waiting");
  const message = 'Step "call" took longer than its timeout of 30s.';
  expect(failed.steps).toMatchObject([{ attempts: 1, error: { name: "StepTimeoutError", message } }]);
  expect(reasons).toEqual([expect.objectContaining({ message })]);
  finish.resolve("too late");
  clock.advance(1_000);
  const asking = await reaches(node, run, ({ steps }) => steps?.[1]?.approvalId !== undefined);
  expect(asking.steps?.[0]).toMatchObject({ status: "completed", attempts: 2, output: "in time" });
  await decide(node, asking, "ask", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("in time");
});

test("a step that fails after its timeout doesn't end the process", async () => {
  const clock = createTestClock();
  const finish = Promise.withResolvers<string>();
  const deaf = workflow("deaf", { version: 1 }, async (run) =>
    run.step("call", () => finish.promise, { timeout: "30s", retries: 0 }),
  );
  await using node = await startTestNode({ workflows: [deaf], clock });
  const run = await node.runs.start(ana, { workflow: "deaf", input: null });
  await reaches(node, run, ({ status }) => {
    clock.advance(10_000);
    return status === "failed";
  });
  finish.reject(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await node.runs.get(ana, run.id)).toMatchObject({ error: { message: expect.stringContaining("timeout") } });
});

test.each([
  [{ retries: -1 }, "retries: must be at least 0"],
  [{ retries: 1.5 }, "retries: must be a whole number"],
  [{ backoff: "soon" }, "backoff: must be a duration"],
  [{ timeout: "10" }, "timeout: must be a duration"],
  [{ timeout: "25d" }, "timeout: must be at most 24 days"],
  [{ retrys: 3 } as object, "retrys: is not a known field"],
])("a step with the options %j fails its run, naming the field", async (options, message) => {
  const wrong = workflow("wrong", { version: 1 }, async (run) => run.step("call", () => 1, options));
  await using node = await startTestNode({ workflows: [wrong] });
  const run = await node.runs.start(ana, { workflow: "wrong", input: null });
  const ended = await node.runs.wait(ana, run.id);
  expect(ended).toMatchObject({ status: "failed", error: { message: expect.stringContaining(message) } });
});

test("a step that is out of attempts fails, and the handler may go on without it", async () => {
  const tolerant = workflow("tolerant", { version: 1 }, async (run) => {
    const why = await run
      .step("call", () => Promise.reject(new Error("Service down")), { retries: 0 })
      .catch((error: Error) => error.message);
    await run.approval("ask", { title: "Go on without?" });
    return why;
  });
  await using node = await startTestNode({ workflows: [tolerant] });
  const run = await node.runs.start(ana, { workflow: "tolerant", input: null });
  await decide(node, await reaches(node, run, "waiting"), "ask", { approved: true });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    output: 'Step "call" failed: Service down',
    steps: [{ name: "call", status: "failed", error: { name: "Error", message: "Service down" } }, {}],
  });
});

test("a NonRetriableError fails the step at once", async () => {
  const ticket = workflow("ticket", { version: 1 }, async (run) => {
    await run.step("find", () => {
      throw new NonRetriableError("There is no ticket 7.");
    });
  });
  await using node = await startTestNode({ workflows: [ticket] });
  const run = await node.runs.start(ana, { workflow: "ticket", input: null });
  expect(await node.runs.wait(ana, run.id)).toMatchObject({
    status: "failed",
    error: { name: "StepError", message: 'Step "find" failed: There is no ticket 7.' },
    steps: [{ attempts: 1, status: "failed" }],
  });
});

test.each([
  ["a Date", () => new Date(0), "draft", "must be plain JSON"],
  ["a function deep inside", () => ({ a: [{ b: () => 1 }] }), "at a.0.b", "must be plain JSON"],
  ["NaN", () => ({ price: Number.NaN }), "at price", "must be a finite number"],
  ["a cycle", cycle, "(at self)", "it must not contain itself"],
  ["a cycle deep inside", () => ({ a: [cycle()] }), "(at a.0.self)", "it must not contain itself"],
])("a step that returns %s fails with an error that says where", async (_what, value, place, problem) => {
  let calls = 0;
  const strange = workflow("strange", { version: 1 }, async (run) => {
    await run.step("draft", () => {
      calls += 1;
      return value();
    });
  });
  await using node = await startTestNode({ workflows: [strange] });
  const run = await node.runs.start(ana, { workflow: "strange", input: null });
  const { status, error } = await node.runs.wait(ana, run.id);
  expect(status).toBe("failed");
  expect(error?.message).toContain('Step "draft"');
  expect(error?.message).toContain(place);
  expect(error?.message).toContain(problem);
  expect(calls).toBe(1);
});

test("a step may return nothing, also in a replay", async () => {
  const quiet = workflow("quiet", { version: 1 }, async (run) => {
    const nothing = await run.step("notify", () => undefined);
    await run.approval("ask", { title: "Go on?" });
    return typeof nothing;
  });
  await using node = await startTestNode({ workflows: [quiet] });
  const run = await node.runs.start(ana, { workflow: "quiet", input: null });
  await decide(node, await reaches(node, run, "waiting"), "ask", { approved: true });
  expect((await node.runs.wait(ana, run.id)).output).toBe("undefined");
});

test("a step that takes long shows as running", async () => {
  const finish = Promise.withResolvers<void>();
  const slow = workflow("slow", { version: 1 }, async (run) => run.step("work", () => finish.promise));
  await using node = await startTestNode({ workflows: [slow] });
  const run = await node.runs.start(ana, { workflow: "slow", input: null });
  const running = await reaches(node, run, ({ steps }) => steps?.length === 1);
  expect(running).toMatchObject({ status: "running", steps: [{ name: "work", status: "running", attempts: 1 }] });
  finish.resolve();
  expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "completed", steps: [{ status: "completed" }] });
});

test("steps of one run execute side by side", async () => {
  const both = Promise.withResolvers<void>();
  let started = 0;
  const wide = workflow("wide", { version: 1 }, async (run) => {
    const work = (n: number) => async () => {
      if (++started === 2) both.resolve();
      await both.promise;
      return n;
    };
    return Promise.all([run.step("one", work(1)), run.step("two", work(2))]);
  });
  await using node = await startTestNode({ workflows: [wide] });
  const run = await node.runs.start(ana, { workflow: "wide", input: null });
  expect((await node.runs.wait(ana, run.id)).output).toEqual([1, 2]);
});

test("a retry comes back while another step of the run is still executing", async () => {
  const finish = Promise.withResolvers<void>();
  const mixed = workflow("mixed", { version: 1 }, async (run) =>
    Promise.all([
      run.step("slow", () => finish.promise.then(() => "slow")),
      run.step("flaky", ({ attempt }) => (attempt === 1 ? Promise.reject(new Error("no")) : "flaky"), {
        backoff: "1ms",
      }),
    ]),
  );
  await using node = await startTestNode({ workflows: [mixed] });
  const run = await node.runs.start(ana, { workflow: "mixed", input: null });
  await reaches(node, run, ({ steps }) => steps?.some((step) => step.output === "flaky") ?? false);
  finish.resolve();
  expect((await node.runs.wait(ana, run.id)).output).toEqual(["slow", "flaky"]);
});

test("a handler that throws fails its run and leaves the worker unharmed", async () => {
  const bad = workflow("bad", { version: 1 }, async () => {
    throw new RangeError("Out of range");
  });
  const good = workflow("good", { version: 1 }, async () => "fine");
  await using node = await startTestNode({ workflows: [bad, good], concurrency: 1 });
  const failing = await node.runs.start(ana, { workflow: "bad", input: null });
  const fine = await node.runs.start(ana, { workflow: "good", input: null });
  expect(await node.runs.wait(ana, failing.id)).toMatchObject({
    status: "failed",
    error: { name: "RangeError", message: "Out of range" },
  });
  expect(await node.runs.wait(ana, fine.id)).toMatchObject({ status: "completed", output: "fine" });
});

test.each([
  ["a Map", () => ({ when: new Map() }), "(at when)"],
  ["a BigInt", () => [7n], "(at 0)"],
  ["a cycle", cycle, "it must not contain itself"],
  ["a function", () => () => 1, "must be plain JSON"],
])("a handler that returns %s fails its run and leaves the worker unharmed", async (_what, value, problem) => {
  const odd = workflow("odd", { version: 1 }, async () => value());
  const good = workflow("good", { version: 1 }, async () => "fine");
  await using node = await startTestNode({ workflows: [odd, good], concurrency: 1 });
  const run = await node.runs.start(ana, { workflow: "odd", input: null });
  const fine = await node.runs.start(ana, { workflow: "good", input: null });
  const { status, error } = await node.runs.wait(ana, run.id);
  expect(status).toBe("failed");
  expect(error?.message).toContain("The handler returned something that can't be recorded");
  expect(error?.message).toContain(problem);
  expect(await node.runs.wait(ana, fine.id)).toMatchObject({ status: "completed", output: "fine" });
});

test.each([
  ["nothing", () => undefined],
  ["an error whose message can't be read", unreadable],
  ["a proxy that was revoked", revoked],
])("a handler and a step that throw %s fail their runs", async (_what, thrown) => {
  const step = workflow("step", { version: 1 }, async (run) => {
    await run.step("call", () => Promise.reject(thrown()), { retries: 0 });
  });
  const handler = workflow("handler", { version: 1 }, async () => Promise.reject(thrown()));
  await using node = await startTestNode({ workflows: [step, handler] });
  for (const name of ["step", "handler"]) {
    const run = await node.runs.start(ana, { workflow: name, input: null });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "failed" });
  }
});

test("a failing step that nobody has looked at yet doesn't end the process", async () => {
  const late = workflow("late", { version: 1 }, async (run) => {
    const failing = run.step("fail", () => Promise.reject(new NonRetriableError("no")));
    await run.step("other", () => new Promise((resolve) => setTimeout(resolve, 20)));
    return failing.catch(() => "caught");
  });
  await using node = await startTestNode({ workflows: [late] });
  const run = await node.runs.start(ana, { workflow: "late", input: null });
  expect((await node.runs.wait(ana, run.id)).output).toBe("caught");
});

test("steps that still execute when the handler ends are told to stop", async () => {
  let stopped = false;
  const hasty = workflow("hasty", { version: 1 }, async (run) => {
    const slow = run.step(
      "slow",
      ({ signal }) =>
        new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => {
            stopped = true;
            resolve();
          }),
        ),
    );
    return Promise.race([slow, run.step("fast", () => "fast")]);
  });
  await using node = await startTestNode({ workflows: [hasty] });
  const run = await node.runs.start(ana, { workflow: "hasty", input: null });
  expect((await node.runs.wait(ana, run.id)).output).toBe("fast");
  await eventually(async () => stopped);
});

function unreadable(): Error {
  return Object.defineProperty(new Error("?"), "message", {
    get() {
      throw new Error("Not for you");
    },
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}

test.each(testDatabases)("a step runs once on $name, whatever its name holds", async (kind) => {
  const ran: string[] = [];
  const names = ["Ana😀", "A\0b"];
  const greet = workflow("greet", { version: 1 }, async (run) => {
    for (const name of names) await run.step(`greet ${name.slice(0, 4)}`, () => void ran.push(name));
    await run.sleep("a while", "1ms");
  });
  await using node = await startTestNode({ workflows: [greet] }, kind);
  const run = await node.runs.start(ana, { workflow: "greet", input: null });
  expect((await node.runs.wait(ana, run.id)).status).toBe("completed");
  expect(ran).toEqual(names);
});
