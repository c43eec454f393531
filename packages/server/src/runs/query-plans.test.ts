import { workflow } from "@holdpoint/core";
import { ExplainNode, type KyselyPlugin, type QueryResult, sql, type UnknownRow } from "kysely";
import { expect, test } from "vitest";
import { creationOf } from "../store/events-table.ts";
import type { Transaction } from "../store/store.ts";
import { openTestStore, testDatabases } from "../store/test-databases.ts";
import { anyClaimable, claimRuns, requeueOthers } from "./claims-table.ts";
import { endAnsweredWaits, eventWaiters, lockEventWaits } from "./event-waits-table.ts";
import { finishUnder, type Lease, pulses, releaseUnder, renewLeases, settleUnder } from "./lease-table.ts";
import { reopenSteps } from "./reopen-steps.ts";
import { listRuns } from "./run-list.ts";
import { rouse, rouseAll, saveNews } from "./run-news.ts";
import type { RunRow } from "./run-record.ts";
import {
  dueRuns,
  endedAmong,
  endRuns,
  findRun,
  findRunByKey,
  lockDueRun,
  lockRun,
  nextWakeAt,
  openChildren,
  reviveRun,
  runsById,
} from "./runs-table.ts";
import { eventsAfter, findSentEvent, forgetEvents, oldestEventAt } from "./sent-events-table.ts";
import { settleGate } from "./settle-gate.ts";
import {
  answeredWaits,
  answerWaits,
  childrenOverdue,
  eventsHad,
  giveEventsBack,
  nextWake,
  openApprovals,
  reopenWaits,
  settledAfter,
  settleWait,
  stepsOf,
  waitsOver,
} from "./steps-table.ts";
import { workflowsOf } from "./workflows.ts";

/** Has every query explained instead of run. */
class Explaining implements KyselyPlugin {
  readonly plan: string[] = [];

  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    const explain = ExplainNode.create(undefined, sql`query plan`.toOperationNode());
    return node.kind === "SelectQueryNode" || node.kind === "UpdateQueryNode" || node.kind === "DeleteQueryNode"
      ? { ...node, explain }
      : node;
  }

  async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
    this.plan.push(...result.rows.map(({ detail }) => String(detail)));
    return { rows: [] };
  }
}

const now = "2026-01-01T00:00:00.000Z";
const claimant = { worker: "wrk_1", leaseUntil: "2027" };
const leases: Lease[] = [1, 2].map((claim) => ({ runId: `run_${claim}`, claim }));
const workflows = workflowsOf([workflow("mail", { version: 1 }, async () => 1)]);
const gate = { name: "ask", approvalId: "apr_1" };
const unclaimed = { claim: 0, worker: null, lease_until: null, wake_at: null };
const run = { ...unclaimed, id: "run_1", status: "waiting", settled: 1, updated_at: now } as RunRow;
const page = { limit: 10, beforeId: "run_9" };

const queries: [name: string, query: (tx: Transaction) => Promise<unknown>][] = [
  ["whether runs can be claimed", ({ db }) => anyClaimable(db, workflows, now)],
  ["runs to claim", (tx) => claimRuns(tx, workflows, claimant, { now, limit: 10, held: ["run_1"] })],
  ["runs that other workers left", (tx) => requeueOthers(tx, "wrk_1", now)],
  ["runs that have news", ({ db }) => runsById(db, ["run_1", "run_2"])],
  ["the run that a child of it is for", (tx) => rouse(tx, "run_1", { results: 1, claimant, now })],
  [
    "the gate that a decision is for",
    (tx) => settleGate(tx, { ...gate, runId: "run_1" }, { output: "1", claimant, now }),
  ],
  ["runs whose steps have ended", (tx) => settleUnder(tx, leases, now)],
  [
    "runs that have ended",
    (tx) =>
      finishUnder(
        tx,
        leases.map((lease) => ({ ...lease, status: "failed", output: null, error: null, outcome: null })),
        now,
      ),
  ],
  ["runs whose leases are renewed", (tx) => renewLeases(tx, claimant, leases)],
  ["runs to give back", (tx) => releaseUnder(tx, { runId: "run_1", claim: 1 }, now)],
  ["news of runs", ({ db }) => pulses(db, "wrk_1", ["run_1", "run_2"])],
  ["runs that are due", ({ db }) => dueRuns(db, "wrk_1", now, 10)],
  ["when the next run is due", ({ db }) => nextWakeAt(db, "wrk_1")],
  ["a run that is due", (tx) => lockDueRun(tx, "run_1", now)],
  ["sleeps that are over", (tx) => waitsOver(tx, "run_1", now)],
  ["a sleep", (tx) => settleWait(tx, { runId: "run_1", name: "nap" }, { settled: 1, now })],
  ["when a run is due next", (tx) => nextWake(tx, "run_1", now)],
  ["a run", ({ db }) => findRun(db, "acme", "run_1")],
  ["a run by its key", ({ db }) => findRunByKey(db, "acme", "order-7")],
  ["those of several runs that have ended", ({ db }) => endedAmong(db, ["run_1", "run_2"])],
  ["a tenant's runs", ({ db }) => listRuns(db, { tenantId: "acme" }, {}, page)],
  ["a tenant's runs by status", ({ db }) => listRuns(db, { tenantId: "acme" }, { status: ["waiting"] }, page)],
  ["an owner's runs", ({ db }) => listRuns(db, { tenantId: "acme", ownerId: "ana" }, {}, page)],
  ["a listed run by its key", ({ db }) => listRuns(db, { tenantId: "acme" }, { key: "order-7" }, page)],
  ["a run's children", ({ db }) => listRuns(db, { tenantId: "acme" }, { parentRunId: "run_1" }, page)],
  ["runs of a time", ({ db }) => listRuns(db, { tenantId: "acme" }, { createdAfter: now, createdBefore: now }, page)],
  ["a failed run to retry", (tx) => reviveRun(tx, "run_1", { claimant, now })],
  ["a run, locked", (tx) => lockRun(tx, "acme", "run_1")],
  ["steps to open again", (tx) => reopenSteps(tx, "run_1", ["send"])],
  ["what a run asks", ({ db }) => openApprovals(db, ["run_1"])],
  ["the steps of runs", ({ db }) => stepsOf(db, ["run_1", "run_2"])],
  ["runs that others have invoked", ({ db }) => openChildren(db, ["run_1", "run_2"])],
  ["invocations whose time is up", ({ db }) => childrenOverdue(db, "run_1", now)],
  ["events that a run's waits have had", (tx) => eventsHad(tx, "run_1", ["due"])],
  ["losing waits that have had an event", (tx) => answeredWaits(tx, "run_1", ["paid"])],
  ["losing waits whose event others took", (tx) => reopenWaits(tx, "run_1", ["paid"])],
  ["events that losing waits give back", (tx) => giveEventsBack(tx, "run_1", ["paid"])],
  ["an event by its id", ({ db }) => findSentEvent(db, "acme", "pay-7")],
  ["events of a name", async (tx) => eventsAfter(tx, { tenantId: "acme", name: "paid", after: 7 }).next()],
  [
    "events by a value that they have",
    async (tx) =>
      eventsAfter(tx, { tenantId: "acme", name: "paid", after: 7, keyed: { path: "data", key: "k" } }).next(),
  ],
  ["the oldest event", ({ db }) => oldestEventAt(db)],
  ["events to forget", (tx) => forgetEvents(tx, now, 10)],
  [
    "who waits for an event",
    ({ db }) => eventWaiters(db, { tenantId: "acme", name: "paid" }, ["", "k"], { afterRun: "run_1", limit: 10 }),
  ],
  ["the waits that an event may end", (tx) => lockEventWaits(tx, [{ runId: "run_1", step: "paid" }])],
  [
    "the waits that an event ends",
    (tx) => answerWaits(tx, [{ runId: "run_1", step: "paid", settled: 1 }], { output: null, now, eventSeq: 7 }),
  ],
  ["waits that are over", (tx) => endAnsweredWaits(tx, [{ runId: "run_1", step: "paid" }])],
  ["runs that an event wakes", (tx) => rouseAll(tx, [{ runId: "run_1", results: 2 }], { claimant, now })],
  ["runs that have news", (tx) => saveNews(tx, [run, run])],
  ["children to cancel", (tx) => endRuns(tx, [{ id: "run_1" }, { id: "run_2" }], now)],
  ["where the log says that a run was created", ({ db }) => creationOf(db, "acme", "run_1").catch(() => 0)],
  ["a run's latest results", ({ db }) => settledAfter(db, "run_1", 7)],
];

/** Its driver reads all rows of an explained update. */
const betterSqlite3 = testDatabases.find(({ name }) => name === "better-sqlite3");

test.each(queries)("finds %s by index, however many runs there are", async (_name, query) => {
  await using store = await openTestStore(betterSqlite3);
  const explaining = new Explaining();
  await store.write((tx) => query({ ...tx, db: tx.db.withPlugin(explaining) }));
  expect(explaining.plan.length).toBeGreaterThan(0);
  expect(
    explaining.plan.filter((step) =>
      /^SCAN (?:runs|steps|sent_events|sent_event_keys|event_waits|events)(?! USING INDEX sent_events_at| USING COVERING INDEX sent_events_at)/.test(
        step,
      ),
    ),
  ).toEqual([]);
});
