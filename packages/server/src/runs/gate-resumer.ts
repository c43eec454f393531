import type { Approval } from "@holdpoint/core";
import type { ImmediateResumer, Transaction } from "../store/store.ts";
import { engineName } from "./run-context.ts";
import { rouse } from "./run-news.ts";
import { settleGate } from "./steps-table.ts";
import type { Worker } from "./worker.ts";

/**
 * Wakes runs: in the transaction that ends an approval, the outcome becomes the result of the gate that asked for it,
 * and the run is claimed by this process if it has room, so that nothing but that commit lies between the two.
 */
export function createGateResumer(worker: Worker): ImmediateResumer {
  return {
    engine: engineName,
    async resolved(tx: Transaction, { id: approvalId, source, outcome }: Approval) {
      if (source?.runId === undefined || source.gate === undefined || !outcome) return;
      const gate = { name: source.gate, approvalId };
      const now = outcome.at;
      const run = await rouse(tx, source.runId, { results: 1, claimant: worker.claimant(), now, gate });
      if (!run) return;
      const result = { output: JSON.stringify({ ...outcome, approvalId }), settled: Number(run.settled), now };
      await settleGate(tx, { ...gate, runId: run.id }, result);
      tx.afterCommit(() => worker.roused(run));
    },
  };
}
