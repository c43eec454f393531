import type { Approval } from "@holdpoint/core";
import type { ImmediateResumer, Transaction } from "../store/store.ts";
import { engineName } from "./run-context.ts";
import { settleGate } from "./settle-gate.ts";
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
      const { runId, gate: name } = source;
      const output = JSON.stringify({ ...outcome, approvalId });
      const gate = { runId, name, approvalId };
      const result = { output, claimant: worker.claimant(), now: outcome.at };
      await settleGate(tx, gate, result);
      tx.afterCommit(() => worker.gateSettled(gate, result));
    },
  };
}
