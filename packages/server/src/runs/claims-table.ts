import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from "kysely";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { Lease } from "./lease-table.ts";
import type { RunRow } from "./run-record.ts";
import type { Workflows } from "./workflows.ts";

/** The worker that is to execute a run, and when its lease ends. */
export interface Claimant {
  worker: string;
  /** ISO 8601. */
  leaseUntil: string;
}

/**
 * Columns of a run that is to go on: executed by its claimant, or queued for whoever is free first.
 *
 * @param claim its last one; each is a number higher than the one before
 */
export function goingOn(claimant: Claimant | undefined, claim = 0) {
  if (!claimant) return { status: "queued", claim, worker: null, lease_until: null };
  return { status: "running", claim: claim + 1, worker: claimant.worker, lease_until: claimant.leaseUntil };
}

/** Notified after commits of runs that are ready or cancelled; implemented by the worker. */
export interface Rouser {
  /** The worker to claim runs that are set going right now; undefined when it has no room. */
  claimant(): Claimant | undefined;
  roused(run: RunRow): void;
  cancelled(runId: string): void;
}

/** Must match the partial index's condition word for word, or the index isn't used. */
const free = sql<boolean>`status in ('queued', 'stranded')`;

/** Whether {@link claimRuns} would change anything. */
export async function anyClaimable(db: Kysely<Tables>, workflows: Workflows, now: string): Promise<boolean> {
  const expired = db.selectFrom("runs").select("id").where("lease_until", "<", now).limit(1);
  const queued = db.selectFrom("runs").select("id").where(free).where("status", "=", "queued").limit(1);
  const back = db
    .selectFrom("runs")
    .select("id")
    .where(free)
    .where("status", "=", "stranded")
    .where(defined(workflows));
  for (const query of [queued, expired, back.limit(1)]) if (await query.executeTakeFirst()) return true;
  return false;
}

/**
 * Claims up to `limit` runs for a worker, oldest first: queued ones, ones whose worker let its lease run out, and
 * stranded ones whose definition is back. When it finds fewer, what is queued without a definition becomes stranded.
 *
 * @param held runs that the worker executes: those it keeps even if it was too slow to renew their leases
 */
export async function claimRuns(
  tx: Transaction,
  workflows: Workflows,
  claimant: Claimant,
  { now, limit, held }: { now: string; limit: number; held: readonly string[] },
): Promise<RunRow[]> {
  await requeueExpired(tx, claimant.worker, held, now);
  await tx.db
    .updateTable("runs")
    .set({ status: "queued", updated_at: now })
    .where(free)
    .where("status", "=", "stranded")
    .where(defined(workflows))
    .execute();
  const claimed = await claimQueued(tx, workflows, claimant, { now, limit });
  if (claimed.length === limit) return claimed;
  await tx.db
    .updateTable("runs")
    .set({ status: "stranded", updated_at: now })
    .where(free)
    .where("status", "=", "queued")
    .where((run) => run.not(defined(workflows)(run)))
    .execute();
  return claimed;
}

function claimQueued(
  tx: Transaction,
  workflows: Workflows,
  { worker, leaseUntil }: Claimant,
  { now, limit }: { now: string; limit: number },
): Promise<RunRow[]> {
  const queued = tx.db
    .selectFrom("runs")
    .select("id")
    .where(free)
    .where("status", "=", "queued")
    .where(defined(workflows))
    .orderBy("id")
    .limit(limit)
    .$if(tx.engine === "postgres", (query) => query.forUpdate().skipLocked());
  return tx.db
    .updateTable("runs")
    .set({ status: "running", claim: sql<number>`claim + 1`, worker, lease_until: leaseUntil, updated_at: now })
    .where("id", "in", queued)
    .returningAll()
    .execute();
}

async function requeueExpired(tx: Transaction, worker: string, held: readonly string[], now: string): Promise<void> {
  await requeue(tx, now, (run) => {
    const mine = run.and([run("worker", "=", worker), held.length > 0 ? run("id", "in", held) : sql.lit(false)]);
    return run.and([run("lease_until", "<", now), run.not(mine)]);
  });
}

/** Queues all runs that other workers execute; only for a database that no other worker can have open. */
export async function requeueOthers(tx: Transaction, worker: string, now: string): Promise<void> {
  await requeue(tx, now, (run) => run.and([run("lease_until", "is not", null), run("worker", "<>", worker)]));
}

/** Marks a run that was claimed by this process, which has no definition of it. */
export async function strand(tx: Transaction, lease: Lease, now: string): Promise<void> {
  await tx.db
    .updateTable("runs")
    .set({ status: "stranded", worker: null, lease_until: null, updated_at: now })
    .where("id", "=", lease.runId)
    .where("claim", "=", lease.claim)
    .where("status", "=", "running")
    .execute();
}

type RunExpression = ExpressionBuilder<Tables, "runs">;

/** Queues runs whose worker is gone, and counts that. */
async function requeue(
  tx: Transaction,
  now: string,
  which: (run: RunExpression) => Expression<SqlBool>,
): Promise<void> {
  await tx.db
    .updateTable("runs")
    .set({
      status: "queued",
      worker: null,
      lease_until: null,
      recoveries: sql<number>`recoveries + 1`,
      updated_at: now,
    })
    .where("status", "=", "running")
    .where(which)
    .execute();
}

function defined(workflows: Workflows): (run: RunExpression) => Expression<SqlBool> {
  return (run) =>
    run.or(
      workflows.all.map(({ name, version }) => run.and([run("workflow", "=", name), run("version", "=", version)])),
    );
}
