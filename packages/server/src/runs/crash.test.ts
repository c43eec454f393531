import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import type { CrashTask } from "./test-crash-process.ts";
import { type CrashProgram, createCrashProgram } from "./test-crash-program.ts";
import { type CrashWorld, createCrashWorld } from "./test-crash-world.ts";

/** How often processes with steps and approvals are killed: a fifth of it on Postgres, beside a process that lives. More on demand. */
const kills = Number(process.env.HOLDPOINT_TEST_KILLS ?? 300);
/** Worlds that go on side by side, as many as a small machine has processors. */
const worlds = 2;
const timeout = 120_000 + kills * 4_000;
/** Runs that each life starts, besides going on with those of earlier ones. */
const newRuns = 3;

const failpoints = [
  "before-commit",
  "after-commit",
  "before-emit",
  "after-claim",
  "mid-step",
  "before-suspend",
  "before-withdraw",
  "before-heartbeat",
  "acknowledged",
];

let program: CrashProgram;
beforeAll(async () => {
  program = await createCrashProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

/** Where the nth life ends: sooner or later at every failpoint, early and late. */
function failpointOf(n: number): { name: string; nth: number } {
  return { name: failpoints[n % failpoints.length] ?? "", nth: 1 + (Math.floor(n / failpoints.length) % 5) };
}

function keysOf(life: number | string): string[] {
  return Array.from({ length: newRuns }, (_, n) => `life-${life}-${n}`);
}

test("killed anywhere, again and again, runs complete and no recorded step runs twice", { timeout }, async () => {
  const killsOfWorld = Math.ceil((kills * 4) / 5 / worlds);
  await Promise.all(Array.from({ length: worlds }, (_, world) => killAgainAndAgain(killsOfWorld, world * 13)));
});

async function killAgainAndAgain(times: number, firstFailpoint: number): Promise<void> {
  await using world = await createCrashWorld(program, testDatabases[0]);
  const pace = { leaseMs: 60, draftMs: 60 };
  const acknowledged: string[] = [];
  let recorded = new Map<string, number>();
  let life = 0;
  for (let killed = 0; killed < times; life++) {
    const ended = await world.live({ keys: keysOf(life), failpoint: failpointOf(firstFailpoint + life), ...pace });
    if (ended.killed) killed += 1;
    acknowledged.push(...ended.acknowledged);
    recorded = await expectNothingRepeated(world, recorded);
  }
  expect(life).toBeLessThan(times * 1.2 + 5);
  const last = await world.live({ keys: keysOf("last"), ...pace });
  expect(last.killed).toBe(false);
  await expectNothingRepeated(world, recorded);
  await expectAllCompleted(world, [...acknowledged, ...last.acknowledged]);
}

test("200 paused runs survive a SIGKILL, and each goes on exactly once", { timeout: 120_000 }, async () => {
  await using world = await createCrashWorld(program, testDatabases[0]);
  const paused = 200;
  const keys = Array.from({ length: paused }, (_, n) => `run-${n}`);
  const task = { keys, leaseMs: 2_000 };
  const killed = await world.live({ ...task, pauseFirst: true, failpoint: { name: "acknowledged", nth: paused } });
  expect(decisions(killed.acknowledged).length).toBe(paused);
  const before = await world.effects();
  const recorded = new Set(await world.recordedSteps());

  const restarted = await world.live(task);
  expect(restarted.killed).toBe(false);
  const effects = await world.effects();
  expect(effects.size).toBe(4 * paused);
  for (const [step, count] of effects) {
    expect([step, count]).toEqual([step, (before.get(step) ?? 0) + (recorded.has(step) ? 0 : 1)]);
  }
  await expectAllCompleted(world, [...killed.acknowledged, ...decisions(restarted.acknowledged)]);
});

test.each([testDatabases[0], ...sharedTestDatabases])(
  "a run that kills its process fails in the end on $name, and others complete",
  async (kind) => {
    await using world = await createCrashWorld(program, kind);
    const pace = { leaseMs: 200, maxRecoveries: 3 };
    await world.live({ keys: ["deadly"], workflow: "deadly", ...pace });
    let kills = 1;
    while ((await world.live({ keys: ["other"], ...pace })).killed) kills += 1;
    expect(kills).toBe(1 + pace.maxRecoveries);
    const runs = await world.read((db) =>
      db.selectFrom("runs").select(["key", "status", "error"]).orderBy("key").execute(),
    );
    expect(runs).toMatchObject([
      {
        key: "deadly",
        status: "failed",
        error: expect.stringContaining("ended 4 times without the run getting any further"),
      },
      { key: "other", status: "completed" },
    ]);
    expect(JSON.parse(runs[0]?.error ?? "")).toMatchObject({ name: "RunLostError", steps: ["kill"] });
  },
);

const telling = { workflow: "telling" } as const;

test("killed anywhere, again and again, no event is lost, nobody told twice, and each invocation is one run", {
  timeout,
}, async () => {
  await using world = await createCrashWorld(program, testDatabases[0]);
  const task = { ...telling, leaseMs: 60 };
  const acknowledged: string[] = [];
  let recorded = new Map<string, number>();
  let life = 0;
  for (let killed = 0; killed < kills / 10; life++) {
    const ended = await world.live({ ...task, keys: keysOf(life), failpoint: failpointOf(life) });
    if (ended.killed) killed += 1;
    acknowledged.push(...ended.acknowledged);
    recorded = await expectNothingRepeated(world, recorded);
  }
  const last = await world.live({ ...task, keys: keysOf("last") });
  await expectNothingRepeated(world, recorded);
  await expectAllTold(world, [...acknowledged, ...last.acknowledged]);
});

describe.each(sharedTestDatabases)("two processes on $name", (kind) => {
  test("one that is killed, again and again, leaves its runs to the other", { timeout }, async () => {
    await using world = await createCrashWorld(program, kind);
    // Both processes are starved at times, and yet neither may take over what the other one is still at.
    const pace = { leaseMs: 1_500, draftMs: 600 };
    await expectAllCompleted(world, await killBesideAnother(world, pace, kills / 5));
  });

  test("one that is killed leaves its events, its invocations and whom it tells to the other", {
    timeout,
  }, async () => {
    await using world = await createCrashWorld(program, kind);
    await expectAllTold(world, await killBesideAnother(world, { ...telling, leaseMs: 1_500 }, kills / 10));
  });
});

/** Kills a process so often, beside another one that lives; returns what was acknowledged once all is done. */
async function killBesideAnother(
  world: CrashWorld,
  pace: Omit<CrashTask, "database" | "effects" | "keys">,
  times: number,
): Promise<string[]> {
  const acknowledged: string[] = [];
  let recorded = new Map<string, number>();
  let life = 0;
  let survivor = Promise.resolve();
  for (let killed = 0; killed < times / sharedTestDatabases.length; life++) {
    // The other process ends when there is nothing left to do, and then another one takes its place.
    const beside = life % 10 === 0 ? world.live({ keys: keysOf(`other-${life}`), ...pace }) : undefined;
    const ended = await world.live({ keys: keysOf(life), failpoint: failpointOf(life), ...pace });
    if (ended.killed) killed += 1;
    acknowledged.push(...ended.acknowledged);
    if (beside) {
      survivor = Promise.all([survivor, beside]).then(([, other]) => void acknowledged.push(...other.acknowledged));
    }
    recorded = await expectNothingRepeated(world, recorded);
  }
  await survivor;
  const last = await world.live({ keys: [], ...pace });
  await expectNothingRepeated(world, recorded);
  return [...acknowledged, ...last.acknowledged];
}

/** The approvals among what was acknowledged; the rest are runs. */
function decisions(acknowledged: readonly string[]): string[] {
  return acknowledged.filter((id) => id.startsWith("apr_"));
}

/** What was recorded before has not had its effect again; returns what is recorded by now. */
async function expectNothingRepeated(world: CrashWorld, before: Map<string, number>): Promise<Map<string, number>> {
  const steps = await world.recordedSteps();
  const effects = await world.effects();
  const repeated = [...before].filter(([step, count]) => effects.get(step) !== count);
  expect(repeated).toEqual([]);
  const recorded = new Map(steps.map((step) => [step, effects.get(step) ?? 0]));
  expect([...recorded].filter(([, count]) => count === 0)).toEqual([]);
  return recorded;
}

/** Every run has completed, once; every approval ended, once; and nothing that was acknowledged is lost. */
async function expectAllCompleted(world: CrashWorld, acknowledged: readonly string[]): Promise<void> {
  await world.read(async (db) => {
    const all = await db.selectFrom("runs").select(["id", "status", "output"]).execute();
    expect(all.filter(({ status, output }) => status !== "completed" || output !== '"approved"')).toEqual([]);
    const events = await db.selectFrom("events").select(["type", "run_id", "approval_id"]).execute();
    const of = (type: string) => events.filter((event) => event.type === type);
    expect(new Set(of("run.completed").map((event) => event.run_id))).toEqual(new Set(all.map(({ id }) => id)));
    expect(of("run.completed").length).toBe(all.length);
    const asked = of("approval.requested").map((event) => event.approval_id);
    expect(asked.length).toBe(3 * all.length);
    expect(
      of("approval.resolved")
        .map((event) => event.approval_id)
        .sort(),
    ).toEqual(asked.sort());
    const approved = db.selectFrom("approvals").select("id").where("status", "=", "approved");
    const kept = new Set([...all, ...(await approved.execute())].map(({ id }) => id));
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  });
}

/** Every run has had its own events, once each, and one child; everyone was told once; nothing acknowledged is lost. */
async function expectAllTold(world: CrashWorld, acknowledged: readonly string[]): Promise<void> {
  await world.read(async (db) => {
    const runs = await db.selectFrom("runs").select(["id", "workflow", "output", "parent_run_id"]).execute();
    const parents = runs.filter(({ workflow }) => workflow === "telling").map(({ id }) => id);
    const children = new Map(runs.map(({ id, parent_run_id }) => [parent_run_id, id]));
    expect(runs.length).toBe(2 * parents.length);
    for (const { id, workflow, output } of runs) {
      const childs = `go-${children.get(id)}`;
      const results = workflow === "telling" ? [`go-${id}`, childs, `early-${id}`] : `go-${id}`;
      expect(JSON.parse(output ?? "null")).toEqual(results);
    }
    const told = await db.selectFrom("deliveries").select("run_id").where("cause", "=", "notice").execute();
    expect(told.map(({ run_id }) => run_id).sort()).toEqual(parents.sort());
    const sent = (await db.selectFrom("sent_events").select("id").execute()).map(({ id }) => id);
    expect(sent.length).toBe(3 * parents.length);
    const log = await db.selectFrom("events").select("type").execute();
    expect(log.filter(({ type }) => type === "event.received").length).toBe(sent.length);
    expect(log.filter(({ type }) => type === "run.completed").length).toBe(runs.length);
    expect(await db.selectFrom("event_waits").select("step").execute()).toEqual([]);
    const kept = new Set([...runs.map(({ id }) => id), ...sent]);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
  });
}
