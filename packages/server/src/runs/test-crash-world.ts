import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Kysely } from "kysely";
import { openStore } from "../store/open-store.ts";
import type { Tables } from "../store/tables.ts";
import type { TestDatabaseKind } from "../store/test-databases.ts";
import type { CrashTask } from "./test-crash-process.ts";
import type { CrashProgram } from "./test-crash-program.ts";

/** How a life of the process ended. */
export interface Ended {
  /** Whether it was killed; otherwise it ended by itself, with everything done. */
  killed: boolean;
  /** Runs whose start, and approvals whose decision, was acknowledged. */
  acknowledged: string[];
}

/** A database, the outside world, and processes that live and die on them. */
export interface CrashWorld extends AsyncDisposable {
  /** Starts a process and resolves once it has ended. */
  live(task: Omit<CrashTask, "database" | "effects">): Promise<Ended>;
  /** How often each `<run> <step>` had its effect. */
  effects(): Promise<Map<string, number>>;
  /** `<run> <step>` of what is recorded as completed. */
  recordedSteps(): Promise<string[]>;
  read<T>(look: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
}

/** A world without anything in it. */
export async function createCrashWorld(program: CrashProgram, kind: TestDatabaseKind | undefined): Promise<CrashWorld> {
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
  let next = loadProcess(program);
  return {
    read,
    async live(task) {
      const process = next;
      next = loadProcess(program);
      return process.live({ ...task, database: location, effects });
    },
    async effects() {
      const lines = (await readFile(effects, "utf8")).split("\n").filter((line) => line !== "");
      return new Map([...Map.groupBy(lines, (line) => line)].map(([step, all]) => [step, all.length]));
    },
    recordedSteps: () =>
      read(async (db) => {
        const completed = db.selectFrom("steps").select(["run_id", "name"]).where("kind", "=", "step");
        const steps = await completed.where("status", "=", "completed").execute();
        return steps.map(({ run_id, name }) => `${run_id} ${name}`);
      }),
    [Symbol.asyncDispose]: async () => {
      await next.discard();
      await rm(directory, { recursive: true });
      await database?.[Symbol.asyncDispose]();
    },
  };
}

/** A process that is loaded while others live, and waits for its task. */
function loadProcess(program: CrashProgram) {
  const child = program.start();
  const closed = once(child, "close") as Promise<[number | null]>;
  const lines = createInterface(child.stdout);
  const ready = once(lines, "line");
  return {
    async live(task: CrashTask): Promise<Ended> {
      await ready;
      return watch(child, closed, lines, task);
    },
    async discard(): Promise<void> {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

async function watch(
  child: ReturnType<CrashProgram["start"]>,
  closed: Promise<[number | null]>,
  lines: Interface,
  task: CrashTask,
): Promise<Ended> {
  const acknowledged: string[] = [];
  lines.on("line", (line) => acknowledged.push(line));
  child.stdin.end(`${JSON.stringify(task)}\n`);
  const [code] = await closed;
  if (code !== null && code !== 0) throw new Error(`The process ended by itself, with code ${code}.`);
  return { killed: code === null, acknowledged };
}
