import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { holdUnder, leaseOf, suspendUnder } from "./lease-table.ts";
import { type NewWait, openWaits } from "./open-waits.ts";
import type { RunLedger } from "./run-ledger.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import type { RunServices } from "./run-services.ts";
import type { StepRecord } from "./step-record.ts";
import { giveEventsBack, saveSteps } from "./steps-table.ts";
import { type Dropped, finishAsking, waitsAmong, withdrawSteps } from "./withdraw-steps.ts";

/** Writes what happens to a run under one claim; every write fails once the claim has ended. */
export interface RunJournal {
  /** Notes that a step was started or is to be tried again; what has settled stays as it is. */
  note(step: StepRecord): Promise<void>;
  /** Adds an entry that is written with the next write, whichever that is. */
  log(entry: StepRecord): void;
  /** Records how a step ended; returns the record with its place among the settled ones. */
  settle(step: StepRecord): Promise<StepRecord>;
  /**
   * Opens waits, and lets the run wait when `suspend` is given, all in one transaction.
   *
   * @param lost waits for events to which nobody listens any more: what they had is there for those that are opened
   * @throws {GateRefusedError} nothing was written
   */
  open(
    waits: readonly NewWait[],
    options: { lost: readonly string[]; suspend?: Suspension },
  ): Promise<{ steps: StepRecord[]; suspended: boolean }>;
  /**
   * Withdraws what the run goes on without: gates have their approvals cancelled, anything else ends as cancelled. An event
   * that one of them was given meanwhile is there again for what the run waits for next.
   */
  withdraw(dropped: readonly Dropped[]): Promise<StepRecord[]>;
  /** Ends the run; when it `asks` people something, withdraws that. */
  finish(result: RunResult, asks: boolean): Promise<void>;
}

/** Up to where the handler knows its results, and when it wants to be woken at the latest. */
export interface Suspension {
  known: number;
  wakeAt: string | undefined;
}

/** What a journal is written with. */
export interface JournalServices extends RunServices {
  ledger: RunLedger;
}

/** The journal of a claimed run. */
export function createRunJournal(services: JournalServices, run: RunRow): RunJournal {
  const { ctx, ledger } = services;
  const lease = leaseOf(run);
  const now = () => isoTime(ctx.clock.now());
  const entries: StepRecord[] = [];
  const save = (tx: Transaction, steps: readonly StepRecord[]) =>
    saveSteps(
      tx,
      steps.map((step) => ({ runId: run.id, step })),
    );
  /** Hands the log's entries to a write; they are kept for the next one when it fails. */
  const withEntries = async <T>(write: (entries: readonly StepRecord[]) => Promise<T>): Promise<T> => {
    const taken = entries.splice(0);
    try {
      return await write(taken);
    } catch (error) {
      entries.unshift(...taken);
      throw error;
    }
  };
  return {
    note: (step) =>
      withEntries((logged) =>
        ctx.store.write(async (tx) => {
          await holdUnder(tx, lease, now(), step.wakeAt);
          await save(tx, [...logged, step]);
        }),
      ),
    log: (entry) => void entries.push(entry),
    settle: (step) => withEntries((logged) => ledger.settle({ run, logged }, step)),
    async open(waits, { lost, suspend }) {
      const asks = waits.some(({ request }) => request !== undefined);
      const policy = asks ? await ctx.policies.policyOf(run.tenant_id) : undefined;
      return withEntries((logged) =>
        ctx.store.write(async (tx) => {
          const steps = await openWaits(services, tx, { run, policy, lost }, waits);
          const wakeAt = earliest(steps);
          const suspended = suspend
            ? await suspendUnder(tx, lease, { ...suspend, now: now() })
            : await holdUnder(tx, lease, now(), wakeAt).then(() => false);
          await save(tx, [...logged, ...steps]);
          return { steps, suspended };
        }),
      );
    },
    withdraw: (dropped) =>
      withEntries((logged) =>
        ctx.store.write(async (tx) => {
          const steps = await withdrawSteps(services, tx, run, { dropped, now: now() });
          await holdUnder(tx, lease, now());
          await giveEventsBack(tx, run.id, waitsAmong(dropped));
          await save(tx, [...logged, ...steps]);
          return steps;
        }),
      ),
    finish: (result, asks) =>
      withEntries((logged) => {
        const finished = { run, result, logged };
        return asks ? finishAsking(services, finished) : ledger.finish(finished);
      }),
  };
}

/** The earliest time at which one of the steps wants to be looked at again. */
export function earliest(steps: Iterable<Pick<StepRecord, "wakeAt">>): string | undefined {
  let first: string | undefined;
  for (const { wakeAt } of steps) if (wakeAt !== undefined && (first === undefined || wakeAt < first)) first = wakeAt;
  return first;
}
