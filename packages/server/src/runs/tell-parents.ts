import type { ErrorRecord, Json } from "@holdpoint/core";
import type { Transaction } from "../store/store.ts";
import type { Rouser } from "./claims-table.ts";
import { rouse } from "./run-news.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { settleWait } from "./steps-table.ts";

/** A run that has ended, and what its parent gets of it: an output, or an error. */
export interface EndedChild {
  run: RunRow;
  output?: Json;
  error?: ErrorRecord;
}

/** What becomes of the invocation of a run that has ended. */
export function endedChild(run: RunRow, result: RunResult): EndedChild {
  switch (result.status) {
    case "completed":
      return { run, ...(result.output !== undefined && { output: JSON.parse(result.output) as Json }) };
    case "failed":
      return { run, error: childError(run, `failed: ${result.error.message}`) };
    case "closed":
      return { run, error: childError(run, `was not approved (${result.outcome.status})${reasonOf(result.outcome)}`) };
  }
}

/** What a parent is told when a child didn't complete. */
export function childError({ id, workflow }: RunRow, what: string): ErrorRecord {
  return { name: "ChildRunError", message: `Run ${id} of "${workflow}" ${what}` };
}

/** Ends the invocations of runs that have ended, as far as somebody waits for them. Their tenants' logs are locked. */
export async function tellParents(
  tx: Transaction,
  rouser: Rouser,
  ended: readonly EndedChild[],
  now: string,
): Promise<void> {
  for (const { run, output, error } of ended) {
    const { parent_run_id: runId, parent_step: name } = run;
    if (runId === null || name === null || !(await lockInvocation(tx, { runId, name, childRunId: run.id }))) continue;
    const parent = await rouse(tx, runId, { results: 1, claimant: rouser.claimant(), now });
    if (!parent) continue;
    await settleWait(tx, { runId, name }, { output, error, settled: Number(parent.settled), now });
    tx.afterCommit(() => rouser.roused(parent));
  }
}

/** Whether the parent waits for that child still; it is locked, so that its time can't run out meanwhile. */
async function lockInvocation(
  tx: Transaction,
  { runId, name, childRunId }: { runId: string; name: string; childRunId: string },
): Promise<boolean> {
  if (tx.engine === "postgres") {
    await tx.db.selectFrom("runs").select("id").where("id", "=", runId).forUpdate().execute();
  }
  const step = await tx.db
    .selectFrom("steps")
    .innerJoin("runs", "runs.id", "steps.run_id")
    .select("steps.name")
    .where("steps.run_id", "=", runId)
    .where("steps.name", "=", name)
    .where("steps.child_run_id", "=", childRunId)
    .where("steps.status", "=", "waiting")
    .where("steps.settled", "is", null)
    .where("runs.finished_at", "is", null)
    .executeTakeFirst();
  return step !== undefined;
}

function reasonOf({ reason }: { reason?: string }): string {
  return reason === undefined ? "." : `: ${reason}`;
}
