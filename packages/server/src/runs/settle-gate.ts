import { type Expression, type Kysely, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type Claimant, goingOn } from "./claims-table.ts";
import type { StoredRun } from "./run-record.ts";

/** Names a gate of a run and the approval it asks for. */
export interface GateOfRun {
  runId: string;
  name: string;
  approvalId: string;
}

/** What a gate ends with. */
export interface GateResult {
  /** JSON */
  output: string;
  /** The worker to go on with the run if it waits; when not given, the run is queued. */
  claimant: Claimant | undefined;
  /** ISO 8601. */
  now: string;
}

/**
 * Gives a gate its outcome, and sets its run going if it is waiting. Does nothing where the run doesn't wait at that
 * gate. Reads nothing: a decision costs no round trip besides its commit. Whether the run is the claimant's is known
 * only after it.
 */
export async function settleGate(tx: Transaction, gate: GateOfRun, result: GateResult): Promise<void> {
  const { output, claimant, now } = result;
  tx.touched.add(gate.runId);
  await rouseRun(tx.db, { gate, now, on: goingOn(claimant) }, "later");
  await completeGate(tx.db, { gate, output, now }, "later");
}

/** What {@link settleGate} has made of a waiting run; undefined where it didn't wait at that gate. */
export function withGateSettled({ row, steps }: StoredRun, gate: GateOfRun, result: GateResult): StoredRun | undefined {
  const { output, claimant, now } = result;
  const at = steps.findIndex(({ name, approvalId }) => name === gate.name && approvalId === gate.approvalId);
  const step = steps[at];
  if (!step || step.settled !== undefined) return undefined;
  const settled = Number(row.settled) + 1;
  return {
    row: { ...row, ...goingOn(claimant, Number(row.claim)), settled, updated_at: now },
    steps: steps.with(at, { ...step, status: "completed", output: JSON.parse(output), settled, finishedAt: now }),
  };
}

interface RouseValues {
  gate: GateOfRun;
  now: string;
  on: ReturnType<typeof goingOn>;
}

const rouseRun = prepared((db, { gate, now, on }: RouseValues) => {
  const ifWaiting = <Value>(then: Expression<Value>, otherwise: "status" | "claim" | "worker" | "lease_until") =>
    sql<Value>`case when status = 'waiting' then ${then} else ${sql.ref(otherwise)} end`;
  return db
    .updateTable("runs")
    .set({
      settled: sql<number>`settled + 1`,
      status: ifWaiting(sql<string>`${on.status}`, "status"),
      claim: ifWaiting(sql<number>`claim + ${on.claim}`, "claim"),
      worker: ifWaiting(sql<string | null>`${on.worker}`, "worker"),
      lease_until: ifWaiting(sql<string | null>`${on.lease_until}`, "lease_until"),
      updated_at: now,
    })
    .where("id", "=", gate.runId)
    .where(({ exists }) => exists(openGate(db, gate).select("steps.name")));
});

/** After {@link rouseRun}, which has counted it. */
const completeGate = prepared((db, { gate, output, now }: { gate: GateOfRun; output: string; now: string }) =>
  db
    .updateTable("steps")
    .set((step) => ({
      status: "completed",
      output,
      settled: step.selectFrom("runs").select("runs.settled").whereRef("runs.id", "=", "steps.run_id"),
      finished_at: now,
    }))
    .where("run_id", "=", gate.runId)
    .where("name", "=", gate.name)
    .where("approval_id", "=", gate.approvalId)
    .where("settled", "is", null),
);

function openGate(db: Kysely<Tables>, { runId, name, approvalId }: GateOfRun) {
  return db
    .selectFrom("steps")
    .where("steps.run_id", "=", runId)
    .where("steps.name", "=", name)
    .where("steps.approval_id", "=", approvalId)
    .where("steps.settled", "is", null);
}
