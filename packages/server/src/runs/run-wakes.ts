import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { rouse } from "./claims-table.ts";
import { endEventWaits } from "./event-waits-table.ts";
import { dueRuns, lockDueRun, nextWakeAt } from "./runs-table.ts";
import { nextWake, settleWait, waitsOver } from "./steps-table.ts";
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

async function wakeRun(ctx: Context, tx: Transaction, worker: Worker, runId: string): Promise<void> {
  const now = isoTime(ctx.clock.now());
  if (!(await lockDueRun(tx, runId, now))) return;
  const over = await waitsOver(tx, runId, now);
  const wakeAt = await nextWake(tx, runId, now);
  const run = await rouse(tx, runId, { results: over.length, claimant: worker.claimant(), now, wakeAt });
  if (!run) return;
  const before = Number(run.settled) - over.length;
  for (const [i, { name, kind }] of over.entries()) {
    // Nothing came: the handler gets null. A sleep has no result.
    const result = kind === "event" ? { output: null } : {};
    await settleWait(tx, { runId, name }, { ...result, settled: before + i + 1, now });
  }
  const events = over.filter(({ kind }) => kind === "event").map(({ name }) => name);
  await endEventWaits(tx, runId, events);
  tx.afterCommit(() => worker.roused(run));
}
