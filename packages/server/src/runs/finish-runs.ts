import type { NewEvent } from "@holdpoint/core";
import type { Transaction } from "../store/store.ts";
import type { Rouser } from "./claims-table.ts";
import { finishUnder, LeaseLostError, leaseOf, type RunEnd } from "./lease-table.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import type { StepRecord } from "./step-record.ts";
import { saveSteps } from "./steps-table.ts";
import { endedChild, tellParents } from "./tell-parents.ts";

/** A run whose handler has ended. */
export interface FinishedRun {
  run: RunRow;
  result: RunResult;
  /** What its handler has logged since its last write. */
  logged: readonly StepRecord[];
}

/** Thrown, inside the transaction, when some of the runs to end are executed under other claims by now. */
export class LeasesLostError extends Error {
  override readonly name = "LeasesLostError";
  readonly runIds: ReadonlySet<string>;

  constructor(runs: readonly RunRow[]) {
    super(runs.map((run) => new LeaseLostError(leaseOf(run)).message).join(" "));
    this.runIds = new Set(runs.map(({ id }) => id));
  }
}

/**
 * Ends runs, tells those that invoked them, and logs it. Locks the tenants' logs first, as decisions do, to avoid
 * deadlock.
 *
 * @throws {LeasesLostError} nothing may be kept of what was written
 */
export async function finishRuns(
  tx: Transaction,
  rouser: Rouser,
  finished: readonly FinishedRun[],
  now: string,
): Promise<void> {
  const byTenant = Map.groupBy(finished, ({ run }) => run.tenant_id);
  for (const tenantId of [...byTenant.keys()].sort()) {
    await tx.append(
      tenantId,
      (byTenant.get(tenantId) ?? []).map((each) => endEvent(each, now)),
    );
  }
  const ended = await finishUnder(tx, finished.map(toEnd), now);
  const lost = finished.flatMap(({ run }) => (ended.has(run.id) ? [] : run));
  if (lost.length > 0) throw new LeasesLostError(lost);
  await saveSteps(
    tx,
    finished.flatMap(({ run, logged }) => logged.map((step) => ({ runId: run.id, step }))),
  );
  const children = finished.filter(({ run }) => run.parent_run_id !== null);
  const ends = children.map(({ run, result }) => endedChild(run, result));
  await tellParents(tx, rouser, ends, now);
}

function endEvent({ run, result }: FinishedRun, now: string): NewEvent {
  if (result.status === "completed") return runEvent("run.completed", run, { now });
  if (result.status === "failed") return runEvent("run.failed", run, { now, reason: result.error.message });
  const { status, decidedBy, reason } = result.outcome;
  return runEvent(`run.${status}`, run, { now, actor: decidedBy.at(-1), reason });
}

function toEnd({ run, result }: FinishedRun): RunEnd {
  const end = { ...leaseOf(run), output: null, error: null, outcome: null };
  switch (result.status) {
    case "completed":
      return { ...end, status: "completed", output: result.output ?? null };
    case "failed":
      return { ...end, status: "failed", error: JSON.stringify(result.error) };
    case "closed":
      return { ...end, status: result.outcome.status, outcome: JSON.stringify(result.outcome) };
  }
}
