import { ExplainNode, type Kysely, type KyselyPlugin, type QueryResult, sql, type UnknownRow } from "kysely";
import { describe, expect, test } from "vitest";
import { countApprovals, countStale, oldestPending } from "./approval-counts.ts";
import { listApprovals } from "./approval-list.ts";
import { dueApprovals, nextDueAt } from "./approvals-table.ts";
import { eventsOfApproval, listEvents } from "./events-table.ts";
import { forgetGrants, getGrant, grantsInScope, listGrants, oldestGrantEnd } from "./grants-table.ts";
import type { Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";
import { viewer } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

/** Has every query explained instead of run. */
class Explaining implements KyselyPlugin {
  readonly steps: string[] = [];

  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    const explain = ExplainNode.create(undefined, sql`query plan`.toOperationNode());
    return node.kind === "SelectQueryNode" ? { ...node, explain } : node;
  }

  async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
    this.steps.push(...result.rows.map(({ detail }) => String(detail)));
    return { rows: [] };
  }
}

type Query = (db: Kysely<Tables>) => Promise<unknown>;

const ana = viewer("ana", { groups: ["ops"] });
const root = viewer("root", { role: "admin" });
const pending = ["pending" as const];

const primary = "sqlite_autoindex_approvals_1 (tenant_id=? AND id=?)";
const audience = "PRIMARY KEY (tenant_id=? AND subject=? AND pending=?)";
const oneOfAudience = "PRIMARY KEY (tenant_id=? AND subject=? AND pending=? AND approval_id=?)";

/** Queries, and all index look-ups that they may be made of. */
const queries: [name: string, query: Query, lookups: string[]][] = [
  ["a reviewer's inbox", (db) => listApprovals(db, ana, { status: pending }), [audience, primary]],
  ["a reviewer's history", (db) => listApprovals(db, ana, {}), [audience, primary]],
  ["what waits for a reviewer", (db) => listApprovals(db, ana, { assignee: "me" }), [audience, oneOfAudience, primary]],
  [
    "a reviewer's inbox by deadline",
    (db) => listApprovals(db, ana, { status: pending, sort: "deadlineAt" }),
    ["approvals_deadline (tenant_id=?)", oneOfAudience, primary],
  ],
  [
    "all that is pending",
    (db) => listApprovals(db, root, { status: pending }),
    ["approvals_pending (tenant_id=?)", primary],
  ],
  [
    "all that is pending by deadline",
    (db) => listApprovals(db, root, { status: pending, sort: "deadlineAt" }),
    ["approvals_deadline (tenant_id=?)", primary],
  ],
  [
    "all by last change",
    (db) => listApprovals(db, root, { sort: "-updatedAt" }),
    ["approvals_updated (tenant_id=?)", "approvals_ended (tenant_id=?)", primary],
  ],
  [
    "what is stale of a reviewer's inbox",
    (db) => listApprovals(db, ana, { stale: "48h" }),
    ["PRIMARY KEY (tenant_id=? AND subject=? AND pending=? AND approval_id<?)", primary],
  ],
  [
    "all that is stale",
    (db) => listApprovals(db, root, { stale: "48h" }),
    ["approvals_pending (tenant_id=? AND id<?)", primary],
  ],
  ["how much is stale over all tenants", (db) => countStale(db, "apr_0"), ["approvals_oldest (id<?)"]],
  [
    "a list of a run's approvals",
    (db) => listApprovals(db, root, { runId: "run_1" }),
    ["approvals_run (tenant_id=? AND run_id=?)", primary],
  ],
  ["a reviewer's counts", (db) => countApprovals(db, ana), [audience, oneOfAudience]],
  ["an admin's counts", (db) => countApprovals(db, root), ["approvals_pending (tenant_id=?)", audience]],
  [
    "what is due behind a page",
    (db) => dueApprovals(db, "2026", 10, { tenantId: "t", id: "apr_1", dueAt: "2025" }),
    ["approvals_due ((due_at,id)>(?,?) AND due_at<?)"],
  ],
  ["what is due", (db) => dueApprovals(db, "2026", 10), ["approvals_due (due_at>? AND due_at<?)"]],
  ["when the next is due", (db) => nextDueAt(db), ["approvals_due (due_at>?)"]],
  [
    "grants that may let a request through",
    (db) => grantsInScope(db, "acme", ["a", "b"], "2026"),
    ["grants_scope (tenant_id=? AND scope=? AND expires_at>?)"],
  ],
  ["a grant", (db) => getGrant(db, "acme", "gra_1"), ["sqlite_autoindex_grants_1 (tenant_id=? AND id=?)"]],
  [
    "a tenant's grants",
    (db) => listGrants(db, { tenantId: "acme" }, { limit: 9, beforeId: "gra_1" }),
    ["sqlite_autoindex_grants_1 (tenant_id=? AND id<?)"],
  ],
  [
    "a reviewer's grants",
    (db) => listGrants(db, { tenantId: "acme", byId: "ana" }, { limit: 9, beforeId: "gra_1" }),
    ["grants_by (tenant_id=? AND by_id=? AND id<?)"],
  ],
  ["grants to forget", (db) => forgetGrants({ db } as Transaction, "2026", 9), ["grants_expiry (expires_at<?)"]],
  ["the log", (db) => listEvents(db, "acme", { after: 1, limit: 9 }), ["PRIMARY KEY (tenant_id=? AND seq>?)"]],
  [
    "an approval's history",
    (db) => eventsOfApproval(db, "acme", "apr_1", { limit: 9 }),
    ["events_approval (tenant_id=? AND approval_id=? AND seq>?)"],
  ],
];

describe.each(testDatabases.filter(({ engine }) => engine === "sqlite"))("SQLite through $name", (kind) => {
  test.each(queries)("finds %s by index", async (_, query, lookups) => {
    await using store = await openTestStore(kind);
    const explaining = new Explaining();
    await query(store.reader.withPlugin(explaining)).catch(() => undefined);
    const tables = explaining.steps.filter((step) => /^(?:SCAN|SEARCH) (?!branch|page|tally)/.test(step));
    const used = tables.map((step) => step.replace(/^SEARCH \w+ (?:EXISTS )?USING (?:COVERING )?(?:INDEX )?/, ""));
    expect(new Set(used)).toEqual(new Set(lookups));
  });
});

const firsts: [name: string, query: Query, scan: string][] = [
  ["approval to tell which has been pending longest", oldestPending, "SCAN approvals USING INDEX approvals_oldest"],
  ["grant to tell which ends first", oldestGrantEnd, "SCAN grants USING COVERING INDEX grants_expiry"],
];

describe.each(testDatabases.filter(({ engine }) => engine === "sqlite"))("SQLite through $name", (kind) => {
  test.each(firsts)("reads one %s", async (_, query, scan) => {
    await using store = await openTestStore(kind);
    const explaining = new Explaining();
    await query(store.reader.withPlugin(explaining)).catch(() => undefined);
    expect(explaining.steps).toEqual([scan]);
  });
});
