import { type Run, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { rouse } from "./run-news.ts";
import { RunReader } from "./run-reader.ts";
import type { StoredRun } from "./run-record.ts";
import { type GateOfRun, settleGate, withGateSettled } from "./settle-gate.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

const now = "2026-01-01T00:00:00.000Z";
const claimant = { worker: "wrk_other", leaseUntil: "2027-01-01T00:00:00.000Z" };

const twoWaits = workflow("two waits", { version: 1 }, async (run) => {
  const [review, paid] = await Promise.all([
    run.approval("send", { title: "Send?" }),
    run.waitForEvent("paid", { event: "paid" }),
  ]);
  return { review: review.status, paid: paid?.name };
});

async function pause(node: RunsNode): Promise<{ run: Run; gate: GateOfRun }> {
  const started = await node.runs.start(ana, { workflow: "two waits", input: null });
  const run = await reaches(node, started, ({ status, steps = [] }) => status === "waiting" && steps.length === 2);
  return { run, gate: { runId: run.id, name: "send", approvalId: gateOf(run, "send").approvalId } };
}

const rowOf = ({ store }: RunsNode, { id }: Run) =>
  store.reader.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

const storedRun = ({ store }: RunsNode, { id }: Run) => new RunReader(store).run(id);

/** Postgres gives large numbers as texts. */
const numbered = ({ row, steps }: StoredRun) => ({
  row: { ...row, settled: Number(row.settled), claim: Number(row.claim) },
  steps,
});

const placesOf = async ({ store }: RunsNode, { id }: Run) => {
  const steps = await store.reader.selectFrom("steps").select(["settled"]).where("run_id", "=", id).execute();
  return steps.map(({ settled }) => settled && Number(settled)).sort();
};

describe.each(testDatabases)("a gate that is settled on $name", (kind) => {
  test("sets its run going for whoever claims it", async () => {
    await using node = await startTestNode({ workflows: [twoWaits] }, kind);
    const { run, gate } = await pause(node);
    const { claim } = await rowOf(node, run);
    await node.store.write((tx) => settleGate(tx, gate, { output: "{}", claimant, now }));
    const row = await rowOf(node, run);
    expect(row).toMatchObject({ status: "running", worker: "wrk_other", lease_until: claimant.leaseUntil });
    expect([Number(row.claim), Number(row.settled)]).toEqual([Number(claim) + 1, 1]);
    expect(await placesOf(node, run)).toEqual([1, null]);
  });

  test("queues its run when nobody has room for it", async () => {
    await using node = await startTestNode({ workflows: [twoWaits], pollMs: 3_600_000 }, kind);
    const { run, gate } = await pause(node);
    const { claim } = await rowOf(node, run);
    await node.store.write((tx) => settleGate(tx, gate, { output: "{}", claimant: undefined, now }));
    expect(await rowOf(node, run)).toMatchObject({ status: "queued", worker: null, lease_until: null, claim });
  });

  test("is settled once, and only by what it has asked for", async () => {
    await using node = await startTestNode({ workflows: [twoWaits] }, kind);
    const { run, gate } = await pause(node);
    const settle = (which: Partial<GateOfRun>, output: string) =>
      node.store.write((tx) => settleGate(tx, { ...gate, ...which }, { output, claimant, now }));
    const before = await rowOf(node, run);
    for (const other of [{ approvalId: "apr_other" }, { name: "other" }, { runId: "run_other" }]) {
      await settle(other, '"other"');
    }
    expect(await rowOf(node, run)).toEqual(before);
    await settle({}, '"first"');
    const settled = await rowOf(node, run);
    await settle({}, '"second"');
    expect(await rowOf(node, run)).toEqual(settled);
    const outputs = await node.store.reader.selectFrom("steps").select("output").where("name", "=", "send").execute();
    expect(outputs).toEqual([{ output: '"first"' }]);
  });

  test.each([claimant, undefined])("leaves its run as is said without reading it (claimed by %o)", async (by) => {
    await using node = await startTestNode({ workflows: [twoWaits], pollMs: 3_600_000 }, kind);
    const { run, gate } = await pause(node);
    const result = { output: '{"status":"approved","note":"it\'s"}', claimant: by, now };
    const before = await storedRun(node, run);
    const expected = before && withGateSettled(before, gate, result);
    await node.store.write((tx) => settleGate(tx, gate, result));
    const after = await storedRun(node, run);
    expect(after && numbered(after)).toEqual(expected && numbered(expected));
    expect(after?.row.settled).not.toBe(before?.row.settled);
    expect(after && withGateSettled(after, gate, result)).toBeUndefined();
    for (const other of [{ approvalId: "apr_other" }, { name: "other" }]) {
      expect(before && withGateSettled(before, { ...gate, ...other }, result)).toBeUndefined();
    }
  });

  test("counts for what else comes to its run in the same commit", async () => {
    await using node = await startTestNode({ workflows: [twoWaits] }, kind);
    const { run, gate } = await pause(node);
    const roused = await node.store.write(async (tx) => {
      await settleGate(tx, gate, { output: "{}", claimant, now });
      return rouse(tx, run.id, { results: 1, claimant, now });
    });
    const { claim } = await rowOf(node, run);
    expect([Number(roused?.settled), Number(roused?.claim)]).toEqual([2, Number(claim)]);
  });

  test("and an event that come together for one run have places of their own", async () => {
    await using node = await startTestNode({ workflows: [twoWaits] }, kind);
    const { run } = await pause(node);
    await Promise.all([decide(node, run, "send", { approved: true }), node.runs.send(ana, { name: "paid" })]);
    expect((await node.runs.wait(ana, run.id)).output).toEqual({ review: "approved", paid: "paid" });
    expect(await placesOf(node, run)).toEqual([1, 2]);
  });
});
