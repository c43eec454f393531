import type { StepKind } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { cancelRuns, lockApprovalsBelow } from "./cancel-children.ts";
import { endEventWaits } from "./event-waits-table.ts";
import { rouse } from "./run-news.ts";
import { dueRuns, lockDueRun, nextWakeAt, openChildren } from "./runs-table.ts";
import { childrenOverdue, nextWake, settleWait, type WaitResult, waitsOver } from "./steps-table.ts";
import type { Worker } from "./worker.ts";

/** Runs woken at a time. */
const batch = 200;

/** Ends sleeps, and waits whose time is up, and brings back retries when they are due. */
export function createRunWakes(ctx: Context, worker: Worker): DeadlineSource {
  return {
    next: () => nextWakeAt(ctx.store.reader, worker.id),
    async strike(now) {
      const due = await dueRuns(ctx.store.reader, worker.id, now, batch);
      await Promise.all(due.map((id) => ctx.store.write((tx) => wakeRun(ctx, tx, worker, id))));
      return due.length === batch;
    },
  };
}

/** What a wait ends with when its time is up. */
function timeUp(kind: StepKind): Pick<WaitResult, "output" | "error"> {
  if (kind === "event") return { output: null };
  if (kind === "invoke") return { error: { name: "TimeoutError", message: "It took too long and was cancelled." } };
  return {};
}

/** Cancels the runs whose invocations' time is up; before their parent is locked, as all who tell a parent do. */
async function cancelOverdue(
  ctx: Context,
  tx: Transaction,
  worker: Worker,
  { runId, now }: { runId: string; now: string },
): Promise<void> {
  const overdue = await childrenOverdue(tx.db, runId, now);
  if (overdue.length === 0) return;
  const children = (await openChildren(tx.db, [runId])).filter(({ id }) => overdue.includes(id));
  for (const { id, tenant_id } of children) await lockApprovalsBelow(tx, tenant_id, [id]);
  const withdrawal = { now, reason: "The run that invoked it has waited long enough." };
  await cancelRuns(ctx, tx, worker, { runs: children, withdrawal });
}

async function wakeRun(ctx: Context, tx: Transaction, worker: Worker, runId: string): Promise<void> {
  const now = isoTime(ctx.clock.now());
  await cancelOverdue(ctx, tx, worker, { runId, now });
  if (!(await lockDueRun(tx, runId, now))) return;
  const over = await waitsOver(tx, runId, now);
  const wakeAt = await nextWake(tx, runId, now);
  const run = await rouse(tx, runId, { results: over.length, claimant: worker.claimant(), now, wakeAt });
  if (!run) return;
  const before = Number(run.settled) - over.length;
  for (const [i, { name, kind }] of over.entries()) {
    await settleWait(tx, { runId, name }, { ...timeUp(kind), settled: before + i + 1, now });
  }
  const events = over.filter(({ kind }) => kind === "event").map(({ name }) => name);
  await endEventWaits(tx, runId, events);
  tx.afterCommit(() => worker.roused(run));
}
