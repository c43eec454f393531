import { type Kysely, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type Claimant, goingOn } from "./claims-table.ts";
import { type JoinedRow, joinedRows } from "./joined-rows.ts";
import type { RunRow } from "./run-record.ts";

/** News for a run: how many more of its steps have settled, and who is to go on with it if it waits. */
export interface News {
  results: number;
  /** When not given, the run is queued. */
  claimant?: Claimant;
  /** ISO 8601. */
  now: string;
  /** Its next wake-up; unchanged when not given. */
  wakeAt?: string | null;
}

/**
 * Counts what has settled and sets the run going if it waits; one that is executed or queued already stays so. It is
 * locked. Undefined when there is no such run.
 */
export async function rouse(tx: Transaction, runId: string, news: News): Promise<RunRow | undefined> {
  const [run] = await lockRuns(tx, [runId]);
  if (!run) return undefined;
  const roused = { ...run, ...changes(run, news) };
  await saveNews(tx, [roused]);
  return roused;
}

/** The same for several runs, each with how many of its steps have settled. */
export async function rouseAll(
  tx: Transaction,
  news: readonly { runId: string; results: number }[],
  { claimant, now }: Pick<News, "claimant" | "now">,
): Promise<RunRow[]> {
  const results = new Map(news.map((each) => [each.runId, each.results]));
  const runs = await lockRuns(tx, [...results.keys()]);
  const roused = runs.map((run) => {
    return { ...run, ...changes(run, { results: results.get(run.id) ?? 0, claimant, now }) };
  });
  if (roused.length > 0) await saveNews(tx, roused);
  return roused;
}

/** What changes of a run with news. */
function changes(run: RunRow, { results, claimant, now, wakeAt = run.wake_at }: News) {
  const news = { settled: Number(run.settled) + results, updated_at: now, wake_at: wakeAt };
  return run.status === "waiting" ? { ...news, ...goingOn(claimant, Number(run.claim)) } : news;
}

/** Runs in the order of their ids; those that are changed after this needn't be waited for. */
async function lockRuns(tx: Transaction, runIds: readonly string[]): Promise<RunRow[]> {
  const timing = runIds.some((id) => tx.touched.has(id)) ? undefined : "ahead";
  const { rows } = await (tx.engine === "postgres" ? lockedRows : rowsOf)(tx.db, { runIds }, timing);
  for (const { id } of rows) tx.touched.add(id);
  return rows;
}

const wanted = (db: Kysely<Tables>, { runIds }: { runIds: readonly string[] }) =>
  db.selectFrom("runs").selectAll().where("id", "in", runIds).orderBy("id");

const rowsOf = prepared(wanted);

const lockedRows = prepared((db, which: { runIds: readonly string[] }) => wanted(db, which).forUpdate());

/** Stores what news has changed of runs. */
export async function saveNews(tx: Transaction, runs: readonly RunRow[]): Promise<void> {
  const rows = runs.map((run): JoinedRow => {
    const { id, claim, worker, lease_until, status, settled, wake_at, updated_at } = run;
    return [id, claim, worker, lease_until, status, settled, wake_at, updated_at];
  });
  await saveRows(tx.db, { rows }, "later");
}

const saveRows = prepared((db, { rows }: { rows: JoinedRow[] }) =>
  db
    .updateTable("runs")
    .from(joinedRows(rows))
    .set({
      claim: sql<number>`cast(joined.column2 as bigint)`,
      worker: sql<string | null>`joined.column3`,
      lease_until: sql<string | null>`joined.column4`,
      status: sql<string>`joined.column5`,
      settled: sql<number>`cast(joined.column6 as bigint)`,
      wake_at: sql<string | null>`joined.column7`,
      updated_at: sql<string>`joined.column8`,
    })
    .where(sql<boolean>`runs.id = joined.column1`),
);
