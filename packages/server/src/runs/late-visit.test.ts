import { setTimeout as sleep } from "node:timers/promises";
import { type Run, type Workflow, workflow } from "@holdpoint/core";
import { type KyselyPlugin, type OperationNode, SelectAllNode, SelectQueryNode, TableNode } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { type TestDatabase, testDatabases } from "../store/test-databases.ts";
import { startNode } from "./test-node.ts";
import { ana, decide, eventually, reaches } from "./test-runs.ts";

/** Holds up what the next read of runs found until it is let go. */
class SlowRunRead implements KyselyPlugin {
  #armed = false;
  #held: object | undefined;
  readonly #let = Promise.withResolvers<void>();
  /** Whether a read is being held up. */
  holds = false;

  holdNext(): void {
    this.#armed = true;
  }

  letGo(): void {
    this.#let.resolve();
  }

  transformQuery({ node, queryId }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    if (this.#armed && readsRuns(node)) {
      this.#armed = false;
      this.#held = queryId;
    }
    return node;
  }

  async transformResult({ result, queryId }: Parameters<KyselyPlugin["transformResult"]>[0]) {
    if (queryId === this.#held) {
      this.holds = true;
      await this.#let.promise;
    }
    return result;
  }
}

/** Whether runs are read whole, as they are not to see whether there are any to claim or to wake. */
function readsRuns(node: OperationNode): boolean {
  if (!SelectQueryNode.is(node)) return false;
  const tables = node.from?.froms ?? [];
  const whole = node.selections?.some(({ selection }) => SelectAllNode.is(selection)) ?? false;
  return whole && tables.some((table) => TableNode.is(table) && table.table.identifier.name === "runs");
}

const hasTwoSteps = ({ status, steps = [] }: Run) => status === "waiting" && steps.length === 2;

/** A run that a process has left waiting: the next one knows nothing of it. */
async function leaveWaiting(database: TestDatabase, definition: Workflow, until: Parameters<typeof reaches>[2]) {
  await using node = await startNode(database.location(), { workflows: [definition] });
  return await reaches(node, await node.runs.start(ana, { workflow: definition.name, input: null }), until);
}

describe.each(testDatabases)("a run that is read late on $name", (kind) => {
  test("isn't executed again when something else has set it going meanwhile", async () => {
    let passes = 0;
    let effects = 0;
    const twoWaits = workflow("two waits", { version: 1 }, async (run) => {
      passes += 1;
      await Promise.all([run.approval("first", { title: "First?" }), run.waitForEvent("paid", { event: "paid" })]);
      await run.step("effect", () => {
        effects += 1;
      });
      return (await run.approval("last", { title: "Last?" })).status;
    });
    const reading = new SlowRunRead();
    await using database = await kind.create();
    const waiting = await leaveWaiting(database, twoWaits, hasTwoSteps);
    await using node = await startNode(database.location(), { workflows: [twoWaits], reading });
    reading.holdNext();
    await decide(node, waiting, "first", { approved: true });
    await eventually(async () => reading.holds);
    await node.runs.send(ana, { name: "paid" });
    const last = await reaches(
      node,
      waiting,
      ({ status, steps = [] }) => status === "waiting" && steps.some(({ name }) => name === "last"),
    );
    reading.letGo();
    // Time enough for another pass through the handler.
    await sleep(200);
    await decide(node, last, "last", { approved: true });
    expect(await node.runs.wait(ana, waiting.id)).toMatchObject({ status: "completed", output: "approved" });
    // From the start, from the event and from the last decision.
    expect({ passes, effects }).toEqual({ passes: 3, effects: 1 });
  });

  test("is given back by a worker that stops meanwhile", async () => {
    const oneGate = workflow("one gate", { version: 1 }, async (run) => run.approval("only", { title: "Only?" }));
    const reading = new SlowRunRead();
    await using database = await kind.create();
    const waiting = await leaveWaiting(database, oneGate, "waiting");
    await using node = await startNode(database.location(), { workflows: [oneGate], reading });
    reading.holdNext();
    await decide(node, waiting, "only", { approved: true });
    await eventually(async () => reading.holds);
    const stopped = node.stop();
    // Time enough to stop without it.
    await sleep(100);
    reading.letGo();
    await stopped;
    const store = await openStore({ database: database.location() });
    const rows = await store.reader.selectFrom("runs").select(["status", "worker"]).execute();
    await store.close();
    expect(rows).toEqual([{ status: "queued", worker: null }]);
  });
});
