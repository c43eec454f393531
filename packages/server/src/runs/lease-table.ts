import { type Kysely, type RawBuilder, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type JoinedRow, joinedRows } from "./joined-rows.ts";
import type { RunRow } from "./run-record.ts";

/** A worker's right to write for a run; it ends when the run is claimed again, waits, or ends. */
export interface Lease {
  readonly runId: string;
  readonly claim: number;
}

/** Thrown, inside the transaction, by writes under a lease that has ended. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor({ runId, claim }: Lease) {
    super(`Run ${runId} is not executed under claim ${claim} any more.`);
  }
}

/** The lease under which a claimed run is executed. */
export function leaseOf(run: RunRow): Lease {
  return { runId: run.id, claim: Number(run.claim) };
}

/** Counts one more settled step for each run. Returns the new counts; runs whose lease has ended are missing. */
export async function settleUnder(
  tx: Transaction,
  leases: readonly Lease[],
  now: string,
): Promise<ReadonlyMap<string, number>> {
  await lockRuns(tx, leases);
  const { rows } = await countSettled(tx.db, { leases: leases.map(({ runId, claim }) => [runId, claim]), now });
  return new Map(rows.map(({ id, settled }) => [id, Number(settled)]));
}

const countSettled = prepared((db, { leases, now }: { leases: JoinedRow[]; now: string }) =>
  db
    .updateTable("runs")
    .from(joinedRows(leases))
    .set({ settled: sql<number>`settled + 1`, recoveries: 0, updated_at: now })
    .where(isHeld)
    .returning(["runs.id", "runs.settled"]),
);

/** How a run ends: columns of its row. */
export interface RunEnd extends Lease {
  status: "completed" | "failed" | "rejected" | "timed_out" | "cancelled";
  output: string | null;
  error: string | null;
  outcome: string | null;
}

/** Ends runs; the ids of those that have, without runs whose lease has ended. */
export async function finishUnder(tx: Transaction, ends: readonly RunEnd[], now: string): Promise<ReadonlySet<string>> {
  await lockRuns(tx, ends);
  const columns = ends.map((end) => [end.runId, end.claim, end.status, end.output, end.error, end.outcome]);
  const { rows } = await finishHeld(tx.db, { ends: columns, now });
  return new Set(rows.map(({ id }) => id));
}

const finishHeld = prepared((db, { ends, now }: { ends: JoinedRow[]; now: string }) =>
  db
    .updateTable("runs")
    .from(joinedRows(ends))
    .set({
      status: sql<string>`joined.column3`,
      output: sql<string | null>`joined.column4`,
      error: sql<string | null>`joined.column5`,
      outcome: sql<string | null>`joined.column6`,
      worker: null,
      lease_until: null,
      wake_at: null,
      updated_at: now,
      finished_at: now,
    })
    .where(isHeld)
    .returning("runs.id"),
);

/**
 * Checks the lease and locks the run; `wakeAt` brings its next wake-up forward.
 *
 * @throws {LeaseLostError}
 */
export async function holdUnder(tx: Transaction, lease: Lease, now: string, wakeAt?: string): Promise<void> {
  const { rows } = await touchHeld(tx.db, { lease, now, wakeAt });
  if (!rows[0]) throw new LeaseLostError(lease);
}

const touchHeld = prepared((db, { lease, now, wakeAt }: { lease: Lease; now: string; wakeAt?: string }) =>
  underLease(db, lease)
    .set({ updated_at: now, ...(wakeAt !== undefined && { wake_at: sooner(wakeAt) }) })
    .returning("id"),
);

/** A run's next wake-up, brought forward unless there is nothing to wake it for. */
function sooner(wakeAt: string | null) {
  return sql<string | null>`case when wake_at < ${wakeAt} then wake_at else coalesce(${wakeAt}, wake_at) end`;
}

/**
 * Lets the run wait, unless a step has settled that the handler doesn't know of yet: then `wakeAt` brings its next wake-up
 * forward.
 *
 * @returns whether it waits now; otherwise the lease goes on
 * @throws {LeaseLostError}
 */
export async function suspendUnder(
  tx: Transaction,
  lease: Lease,
  { known, wakeAt, now }: { known: number; wakeAt: string | undefined; now: string },
): Promise<boolean> {
  const { rows } = await suspendHeld(tx.db, { lease, known, wakeAt: wakeAt ?? null, now });
  if (!rows[0]) throw new LeaseLostError(lease);
  return rows[0].status === "waiting";
}

const suspendHeld = prepared(
  (db, { lease, known, wakeAt, now }: { lease: Lease; known: number; wakeAt: string | null; now: string }) => {
    const unlessNews = (then: string | null, otherwise: RawBuilder<unknown>) =>
      sql<string | null>`case when settled = ${known} then ${then} else ${otherwise} end`;
    return underLease(db, lease)
      .set({
        status: unlessNews("waiting", sql.ref("status")).$castTo<string>(),
        worker: unlessNews(null, sql.ref("worker")),
        lease_until: unlessNews(null, sql.ref("lease_until")),
        wake_at: unlessNews(wakeAt, sooner(wakeAt)),
        recoveries: 0,
        updated_at: now,
      })
      .returning("status");
  },
);

/** Gives the run back, for any worker to go on with. */
export async function releaseUnder(tx: Transaction, lease: Lease, now: string): Promise<void> {
  await underLease(tx.db, lease).set({ status: "queued", worker: null, lease_until: null, updated_at: now }).execute();
}

/** What a heartbeat learns of a run: the claim it is executed under and how many of its steps have settled. */
export interface Pulse extends Lease {
  settled: number;
}

/** Renews the leases of one worker in one statement; runs that are missing from the answer are not its own any more. */
export async function renewLeases(
  tx: Transaction,
  claimant: { worker: string; leaseUntil: string },
  leases: readonly Lease[],
): Promise<Pulse[]> {
  await lockRuns(tx, leases);
  const rows = await tx.db
    .updateTable("runs")
    .from(joinedRows(leases.map(({ runId, claim }) => [runId, claim])))
    .set({ lease_until: claimant.leaseUntil })
    .where(isHeld)
    .returning(["runs.id", "runs.claim", "runs.settled"])
    .execute();
  return rows.map(toPulse);
}

/** The same without renewing anything. */
export async function pulses(db: Kysely<Tables>, worker: string, runIds: readonly string[]): Promise<Pulse[]> {
  const rows = await db
    .selectFrom("runs")
    .select(["id", "claim", "settled"])
    .where("id", "in", runIds)
    .where("worker", "=", worker)
    .execute();
  return rows.map(toPulse);
}

function toPulse({ id, claim, settled }: Pick<RunRow, "id" | "claim" | "settled">): Pulse {
  return { runId: id, claim: Number(claim), settled: Number(settled) };
}

/** Locks runs in a fixed order, so that statements on many runs don't deadlock. */
async function lockRuns(tx: Transaction, leases: readonly Lease[]): Promise<void> {
  if (tx.engine === "sqlite" || leases.length === 1) return;
  const ids = leases.map(({ runId }) => runId);
  await tx.db.selectFrom("runs").select("id").where("id", "in", ids).orderBy("id").forUpdate().execute();
}

/** Joins `runs` with rows of {@link joinedRows}. */
const isHeld = sql<boolean>`runs.id = joined.column1 and runs.claim = cast(joined.column2 as bigint) and runs.status = 'running'`;

function underLease(db: Kysely<Tables>, { runId, claim }: Lease) {
  return db.updateTable("runs").where("id", "=", runId).where("claim", "=", claim).where("status", "=", "running");
}
