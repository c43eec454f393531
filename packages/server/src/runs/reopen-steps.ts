import type { Outcome } from "@holdpoint/core";
import { sql, type UpdateObject } from "kysely";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { runFailed } from "./withdraw-steps.ts";

/**
 * Opens steps of a failed run again, for the run to go on with: those that it failed with, what it let go of because they
 * failed, and what it waited for besides when it ended. The handler is to take the way that it took, for names go by the
 * order of its calls: what it had failed with keeps its turn before results that came later. Nothing here goes by the
 * clock, which may have gone back meanwhile.
 */
export async function reopenSteps(tx: Transaction, runId: string, failed: readonly string[]): Promise<void> {
  const since = await firstFailure(tx, runId, failed);
  const withdrawn = await withdrawnGates(tx, runId, since);
  const reopen = (fields: UpdateObject<Tables, "steps">) =>
    tx.db
      .updateTable("steps")
      .set({
        status: "waiting",
        settled: null,
        wake_at: null,
        finished_at: null,
        event: null,
        child_run_id: null,
        ...fields,
      })
      .where("run_id", "=", runId);
  if (failed.length > 0)
    await reopen({ attempts: 0, turn: sql<number>`coalesce(turn, settled)` })
      .where("name", "in", failed)
      .where("status", "in", ["failed", "running"])
      .execute();
  if (withdrawn.length > 0) await reopen({ output: null, approval_id: null }).where("name", "in", withdrawn).execute();
  if (since !== undefined)
    await reopen({ turn: null }).where("status", "=", "cancelled").where("turn", ">=", since).execute();
  // The rows by which events find their waits are gone, and the runs that were invoked are cancelled.
  await reopen({}).where("status", "=", "waiting").where("kind", "in", ["event", "invoke"]).execute();
  await endTurns(tx, runId);
}

/** Takes their turns from open steps that no result comes after any more. */
async function endTurns(tx: Transaction, runId: string): Promise<void> {
  await tx.db
    .updateTable("steps")
    .set({ turn: null })
    .where("run_id", "=", runId)
    .where("settled", "is", null)
    .where("status", "!=", "cancelled")
    .where("turn", "is not", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("steps as later")
            .select("later.name")
            .where("later.run_id", "=", runId)
            .where("later.settled", "is not", null)
            .where(({ fn, ref }) => sql<boolean>`${fn.coalesce("later.turn", "later.settled")} > ${ref("steps.turn")}`),
        ),
      ),
    )
    .execute();
}

/** The turn of the first of the failures that the run failed with; undefined when it failed by itself. */
async function firstFailure(tx: Transaction, runId: string, failed: readonly string[]): Promise<number | undefined> {
  if (failed.length === 0) return undefined;
  const row = await tx.db
    .selectFrom("steps")
    .select(({ fn }) => fn.min(fn.coalesce("turn", "settled")).as("turn"))
    .where("run_id", "=", runId)
    .where("name", "in", failed)
    .where("status", "=", "failed")
    .executeTakeFirst();
  return row?.turn == null ? undefined : Number(row.turn);
}

/** Gates whose approvals the run withdrew, and not a person: because it ended, or since that turn. */
async function withdrawnGates(tx: Transaction, runId: string, since: number | undefined): Promise<string[]> {
  const gates = await tx.db
    .selectFrom("steps")
    .select(["name", "output", "settled"])
    .where("run_id", "=", runId)
    .where("kind", "in", ["approval", "question"])
    .where("status", "=", "completed")
    .execute();
  return gates.flatMap(({ name, output, settled }) => {
    const outcome = JSON.parse(output ?? "null") as Outcome | null;
    if (outcome?.status !== "cancelled" || outcome.decidedBy.length > 0) return [];
    return outcome.reason === runFailed || (since !== undefined && Number(settled) > since) ? name : [];
  });
}
