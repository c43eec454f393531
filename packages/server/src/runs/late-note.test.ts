import { type Run, workflow } from "@holdpoint/core";
import { PostgresDialect } from "kysely";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { startNode } from "./test-node.ts";
import { ana, decide, reaches, startTestNode } from "./test-runs.ts";

/** A step that goes on for so long is noted as running, in ms. */
const noteAfterMs = 250;
const stepOf = ({ steps }: Run, name: string) => steps?.find((step) => step.name === name);

test.each(testDatabases)("on $name, a step that has lost stays cancelled however long it goes on", async (kind) => {
  const clock = createTestClock();
  const stop = Promise.withResolvers<void>();
  let attempts = 0;
  const racing = workflow("racing", { version: 1 }, async (run) => {
    const stubborn = async () => {
      attempts += 1;
      await stop.promise;
    };
    const won = await run.race({
      stubborn: (branch) => branch.step("stubborn", stubborn),
      quick: (branch) => branch.step("quick", () => "won"),
    });
    await run.approval("after", { title: "Go on?" });
    return won.branch;
  });
  await using node = await startTestNode({ workflows: [racing], clock }, kind);
  const run = await node.runs.start(ana, { workflow: "racing", input: null });
  await reaches(node, run, (now) => stepOf(now, "stubborn")?.status === "cancelled");
  clock.advance(noteAfterMs);
  stop.reject(new Error("Stopped at last"));
  await decide(node, await reaches(node, run, "waiting"), "after", { approved: true });
  const ended = await reaches(node, run, "completed");
  expect(ended.output).toBe("quick");
  expect(stepOf(ended, "stubborn")).toMatchObject({ status: "cancelled" });
  expect(attempts).toBe(1);
});

/** Connections to a database, of which one can be late. */
function slowPool(connectionString: string) {
  const pool = new pg.Pool({ connectionString });
  const gone = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  let delayNext = false;
  const connectLate = async () => {
    await late.promise;
    const client = await pool.connect();
    const release = () => {
      client.release();
      gone.resolve();
    };
    return { query: client.query.bind(client), release } as unknown as pg.PoolClient;
  };
  return {
    connect() {
      if (!delayNext) return pool.connect();
      delayNext = false;
      return connectLate();
    },
    options: pool.options,
    end: () => pool.end(),
    delayNext() {
      delayNext = true;
    },
    async comes() {
      late.resolve();
      await gone.promise;
    },
  };
}

describe.each(sharedTestDatabases)("on $name, a note that a step runs", (kind) => {
  test("leaves the time of the next attempt alone when it comes later than that", async () => {
    await using database = await kind.create();
    const pool = slowPool(String(database.location()));
    const clock = createTestClock();
    const longer = Promise.withResolvers<void>();
    const beside = Promise.withResolvers<void>();
    let attempts = 0;
    const busy = workflow("busy", { version: 1 }, async (run) => {
      const flaky = async () => {
        attempts += 1;
        pool.delayNext();
        clock.advance(noteAfterMs);
        throw new Error("Busy");
      };
      await Promise.all([
        run.step("long", () => longer.promise),
        run.step("beside", () => beside.promise),
        run.step("flaky", flaky, { backoff: "1h" }),
        run.approval("ask", { title: "?" }),
      ]);
    });
    const failpoint = (name: string) => {
      if (name === "mid-step") beside.resolve();
    };
    const location = { engine: "postgres" as const, dialect: new PostgresDialect({ pool }) };
    await using node = await startNode(location, { workflows: [busy], clock, failpoint });
    const run = await node.runs.start(ana, { workflow: "busy", input: null });
    await reaches(
      node,
      run,
      (now) => stepOf(now, "beside")?.status === "completed" && stepOf(now, "ask")?.approvalId !== undefined,
    );
    await pool.comes();
    longer.resolve();
    await decide(node, await reaches(node, run, "waiting"), "ask", { approved: true });
    const later = await reaches(
      node,
      run,
      (now) => now.status === "waiting" && stepOf(now, "ask")?.status === "completed",
    );
    expect(stepOf(later, "flaky")).toMatchObject({ status: "waiting", attempts: 1, error: { message: "Busy" } });
    expect(attempts).toBe(1);
  });
});
