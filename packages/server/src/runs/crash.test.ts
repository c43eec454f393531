import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Tables } from "../store/tables.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import type { CrashTask } from "./test-crash-process.ts";

/** How often the process is killed; more on demand. */
const kills = Number(process.env.HOLDPOINT_TEST_KILLS ?? 15);
const timeout = 60_000 + kills * 10_000;
/** Runs that each life of the process starts, besides going on with those of earlier ones. */
const newRuns = 5;

const script = fileURLToPath(new URL("test-crash-process.ts", import.meta.url));
const failpoints = ["before-commit", "after-commit", "after-claim", "mid-step", "before-suspend", "acknowledged"];

/** Where the nth life ends: at every failpoint in turn, sooner or later. */
function failpointOf(n: number): { name: string; nth: number } {
  return { name: failpoints[n % failpoints.length] ?? "", nth: 1 + ((n * 3 + Math.floor(n / failpoints.length)) % 5) };
}

test("killed anywhere, again and again, runs complete and no recorded step runs twice", { timeout }, async () => {
  await using world = await createWorld(testDatabases[0]);
  const acknowledged: string[] = [];
  let recorded = new Map<string, number>();
  for (let n = 0; n < kills; n++) {
    const { code, lines } = await world.run({ runs: newRuns * (n + 1), failpoint: failpointOf(n) });
    expect(code).toBe(null);
    acknowledged.push(...lines);
    const effects = await world.effects();
    for (const [step, count] of recorded) expect([step, effects.get(step)]).toEqual([step, count]);
    recorded = new Map((await world.recordedSteps()).map((step) => [step, effects.get(step) ?? 0]));
    expect([...recorded].filter(([, count]) => count === 0)).toEqual([]);
  }
  const last = await world.run({ runs: newRuns * kills });
  acknowledged.push(...last.lines);
  expect(last.code).toBe(0);
  const effects = await world.effects();
  for (const [step, count] of recorded) expect([step, effects.get(step)]).toEqual([step, count]);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  await expectAllCompleted(world);
});

test("200 paused runs survive a SIGKILL, and each goes on exactly once", { timeout: 120_000 }, async () => {
  await using world = await createWorld(testDatabases[0]);
  const paused = 200;
  const killed = await world.run({
    runs: paused,
    pauseFirst: true,
    failpoint: { name: "acknowledged", nth: paused },
  });
  expect(killed.lines.length).toBe(paused);
  const before = await world.effects();
  const recorded = new Set(await world.recordedSteps());

  const restarted = await world.run({ runs: paused });
  expect(restarted.code).toBe(0);
  expect(new Set([...killed.lines, ...restarted.lines]).size).toBe(killed.lines.length + restarted.lines.length);
  const effects = await world.effects();
  expect(effects.size).toBe(4 * paused);
  for (const [step, count] of effects) {
    expect([step, count]).toEqual([step, (before.get(step) ?? 0) + (recorded.has(step) ? 0 : 1)]);
  }
  await expectAllCompleted(world);
});

describe.each(sharedTestDatabases)("two processes on $name", (kind) => {
  test("one that is killed leaves its runs to the other", { timeout }, async () => {
    await using world = await createWorld(kind);
    const survivor = world.run({ runs: 4 * newRuns });
    for (let n = 0; n < 4; n++) await world.run({ runs: 4 * newRuns, failpoint: failpointOf(n) });
    expect((await survivor).code).toBe(0);
    await expectAllCompleted(world);
  });
});

interface Ended {
  /** 0 when it ended by itself; null when it was killed. */
  code: number | null;
  lines: string[];
}

interface World extends AsyncDisposable {
  /** Starts the process and resolves once it has ended. */
  run(task: Pick<CrashTask, "runs" | "pauseFirst" | "failpoint">): Promise<Ended>;
  /** How often each `<run> <step>` had its effect. */
  effects(): Promise<Map<string, number>>;
  /** `<run> <step>` of what is recorded as completed. */
  recordedSteps(): Promise<string[]>;
  read<T>(look: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
}

async function createWorld(kind: (typeof testDatabases)[number] | undefined): Promise<World> {
  const database = await kind?.create();
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-crash-"));
  const location = String(database?.location());
  const effects = join(directory, "effects");
  await writeFile(effects, "");
  const read = async <T>(look: (db: Kysely<Tables>) => Promise<T>) => {
    const store = await openStore({ database: location });
    try {
      return await look(store.reader);
    } finally {
      await store.close();
    }
  };
  return {
    read,
    run: (task) => runProcess({ database: location, effects, leaseMs: 2_000, ...task }),
    async effects() {
      const lines = (await readFile(effects, "utf8")).split("\n").filter((line) => line !== "");
      return Map.groupBy(lines, (line) => line)
        .entries()
        .reduce((counts, [step, all]) => counts.set(step, all.length), new Map());
    },
    recordedSteps: () =>
      read(async (db) => {
        const steps = await db
          .selectFrom("steps")
          .select(["run_id", "name"])
          .where("kind", "=", "step")
          .where("status", "=", "completed")
          .execute();
        return steps.map(({ run_id, name }) => `${run_id} ${name}`);
      }),
    [Symbol.asyncDispose]: async () => {
      await rm(directory, { recursive: true });
      await database?.drop();
    },
  };
}

async function runProcess(task: CrashTask): Promise<Ended> {
  const child = spawn(process.execPath, ["--conditions=@holdpoint/source", script, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, lines: output.split("\n").filter((line) => line !== "") };
}

/** Every run has completed, once, and every approval ended, once. */
async function expectAllCompleted(world: World): Promise<void> {
  await world.read(async (db) => {
    const all = await db.selectFrom("runs").select(["id", "status", "output"]).execute();
    expect(all.every(({ status, output }) => status === "completed" && output === '"approved"')).toBe(true);
    const events = await db.selectFrom("events").select(["type", "run_id", "approval_id"]).execute();
    const of = (type: string) => events.filter((event) => event.type === type);
    expect(new Set(of("run.completed").map((event) => event.run_id))).toEqual(new Set(all.map(({ id }) => id)));
    expect(of("run.completed").length).toBe(all.length);
    expect(of("approval.requested").length).toBe(2 * all.length);
    expect(of("approval.resolved").length).toBe(2 * all.length);
    expect(new Set(of("approval.resolved").map((event) => event.approval_id)).size).toBe(2 * all.length);
  });
}
