import { type Kysely, sql } from "kysely";

/** Rows of a table or index, then how many share its first column, its first two, and so on. */
type Rows = readonly [all: number, ...sharing: number[]];

/**
 * The shape of a large installation. Without statistics SQLite assumes ten rows per tenant, and then prefers
 * any index that starts with the tenant to the one that was made for a query.
 */
const statistics: Readonly<Record<string, Readonly<Record<string, Rows>>>> = {
  approvals: {
    sqlite_autoindex_approvals_1: [1_000_000, 100_000, 1],
    approvals_pending: [100_000, 10_000, 1, 1],
    approvals_deadline: [100_000, 10_000, 2, 1],
    approvals_updated: [100_000, 10_000, 2, 1],
    approvals_ended: [900_000, 90_000, 2, 1],
    approvals_due: [100_000, 2, 1],
    approvals_oldest: [100_000, 1],
    approvals_key: [1_000_000, 100_000, 1],
    approvals_run: [1_000_000, 100_000, 2, 1],
  },
  runs: {
    runs: [1_000_000, 1],
    runs_status: [1_000_000, 100_000, 10_000, 1],
    runs_workflow: [1_000_000, 100_000, 10_000, 1_000, 1],
    runs_owner: [1_000_000, 100_000, 1_000, 100, 1],
    runs_key: [1_000_000, 100_000, 1],
    runs_parent: [100_000, 10, 1],
    runs_queue: [1_000, 500, 1],
    runs_lease: [1_000, 10, 1],
    runs_wake: [100_000, 2, 1],
  },
  approval_audience: { approval_audience: [3_000_000, 300_000, 3_000, 1_500, 1] },
  events: { events: [3_000_000, 300_000, 1], events_approval: [3_000_000, 300_000, 3, 1] },
};

/**
 * Tells SQLite's planner what to expect, so that queries run by the plans that were tested, on a new database too.
 * See "Manual control of query plans using SQLITE_STAT tables" in SQLite's overview of its optimizer.
 */
export async function writeStatistics(db: Kysely<unknown>): Promise<void> {
  await sql`analyze approvals`.execute(db);
  await sql`delete from sqlite_stat1`.execute(db);
  for (const [table, indexes] of Object.entries(statistics)) {
    for (const [index, rows] of Object.entries(indexes)) {
      await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${index}, ${rows.join(" ")})`.execute(db);
    }
  }
  await sql`analyze sqlite_schema`.execute(db);
}
