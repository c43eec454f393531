import {
  type Approval,
  type ApprovalRequest,
  asJson,
  HoldpointError,
  type Json,
  type Notice,
  type Policy,
} from "@holdpoint/core";
import { requestApproval } from "../approvals/request-approval.ts";
import type { Context } from "../context.ts";
import { queueNotice } from "../deliveries/queue-notice.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { awaitEvents, eventOutput } from "./await-event.ts";
import { cancelChildren, cancelRuns, lockApprovalsBelow } from "./cancel-children.ts";
import { type NewChild, startChild } from "./child-run.ts";
import type { Rouser } from "./claims-table.ts";
import { endAllEventWaits, endEventWaits } from "./event-waits-table.ts";
import { type FinishedRun, finishRuns } from "./finish-runs.ts";
import { holdUnder, LeaseLostError, leaseOf, settleUnder, suspendUnder } from "./lease-table.ts";
import type { RunLedger } from "./run-ledger.ts";
import type { RunRow } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { openChildren } from "./runs-table.ts";
import type { StepRecord } from "./step-record.ts";
import { giveEventsBack, openApprovals, saveSteps } from "./steps-table.ts";
import { lockApprovals, withdrawApprovals } from "./withdraw-approvals.ts";

/** Something that a handler waits for and that has no row yet. */
export interface NewWait {
  step: StepRecord;
  /** What people are asked, when it is a gate. */
  request?: ApprovalRequest;
  /** The run to start, when it is an invocation. */
  child?: NewChild;
  /** What people are told; there is nothing to wait for. */
  notice?: Notice;
}

/** A gate whose request was refused, so that there is nothing to wait for. */
export class GateRefusedError extends Error {
  override readonly name = "GateRefusedError";
  readonly step: StepRecord;

  constructor(step: StepRecord, refusal: HoldpointError) {
    super(refusal.message, { cause: refusal });
    this.step = step;
  }
}

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
   * @throws {GateRefusedError} nothing was written
   */
  open(waits: readonly NewWait[], suspend?: Suspension): Promise<{ steps: StepRecord[]; suspended: boolean }>;
  /**
   * Withdraws what the run goes on without: gates have their approvals cancelled, anything else ends as cancelled. An event
   * that one of them was given meanwhile is there again for what the run waits for next.
   */
  withdraw(dropped: readonly Dropped[]): Promise<StepRecord[]>;
  /** Ends the run; when it `asks` people something, withdraws that. */
  finish(result: RunResult, asks: boolean): Promise<void>;
}

/** A step that has not settled, and why the run goes on without it. */
export interface Dropped {
  step: StepRecord;
  reason: string;
}

/** Up to where the handler knows its results, and when it wants to be woken at the latest. */
export interface Suspension {
  known: number;
  wakeAt: string | undefined;
}

/** What a journal is written with. */
export interface JournalServices {
  ctx: Context;
  ledger: RunLedger;
  /** Told of runs that this one starts or ends. */
  rouser: Rouser;
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
    async open(waits, suspend) {
      const asks = waits.some(({ request }) => request !== undefined);
      const policy = asks ? await ctx.policies.policyOf(run.tenant_id) : undefined;
      return withEntries((logged) =>
        ctx.store.write(async (tx) => {
          const steps = await openWaits(services, tx, { run, policy }, waits);
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
          const steps = await withdrawSteps(services, tx, run, dropped);
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

/** Locks approvals before the log before the run, as decisions do; asks again what is open once nothing more can be. */
async function finishAsking({ ctx, rouser }: JournalServices, finished: FinishedRun): Promise<void> {
  const { run, result } = finished;
  await ctx.store.write(async (tx) => {
    const now = isoTime(ctx.clock.now());
    await lockApprovalsBelow(tx, run.tenant_id, [run.id]);
    await finishRuns(tx, rouser, [finished], now);
    await endAllEventWaits(tx, [run.id]);
    const withdrawal = { now, reason: endReason(result) };
    await withdrawApprovals(ctx, tx, run.tenant_id, await openApprovals(tx.db, [run.id]), withdrawal);
    const children = { now, reason: "The run that invoked it has ended." };
    await cancelChildren(ctx, tx, rouser, { parentIds: [run.id], withdrawal: children });
  });
}

function endReason({ status }: RunResult): string {
  return status === "closed" ? "The run was closed by another approval." : `The run has ${status}.`;
}

/** Cancels what is asked, and returns the rest as cancelled. Approvals before the log before the run, as decisions do. */
async function withdrawSteps(
  { ctx, rouser }: JournalServices,
  tx: Transaction,
  run: RunRow,
  dropped: readonly Dropped[],
): Promise<StepRecord[]> {
  const now = isoTime(ctx.clock.now());
  const asked = dropped.flatMap(({ step: { approvalId }, reason }) => (approvalId ? { approvalId, reason } : []));
  asked.sort((one, other) => (one.approvalId < other.approvalId ? -1 : 1));
  await lockApprovalsBelow(
    tx,
    run.tenant_id,
    dropped.flatMap(({ step: { childRunId } }) => childRunId ?? []),
  );
  await lockApprovals(
    tx,
    run.tenant_id,
    asked.map(({ approvalId }) => approvalId),
  );
  for (const { approvalId, reason } of asked) {
    await withdrawApprovals(ctx, tx, run.tenant_id, [approvalId], { now, reason });
  }
  const invoked = dropped.flatMap(({ step: { childRunId } }) => childRunId ?? []);
  const children = invoked.length > 0 ? await openChildren(tx.db, [run.id]) : [];
  for (const { step, reason } of dropped) {
    const runs = children.filter(({ id }) => id === step.childRunId);
    await cancelRuns(ctx, tx, rouser, { runs, withdrawal: { now, reason } });
  }
  await endEventWaits(tx, run.id, waitsAmong(dropped));
  return dropped.flatMap(({ step }) =>
    step.approvalId ? [] : { ...step, status: "cancelled" as const, wakeAt: undefined, finishedAt: now },
  );
}

/** Those that wait for events, by name. */
function waitsAmong(dropped: readonly Dropped[]): string[] {
  return dropped.flatMap(({ step }) => (step.event ? step.name : []));
}

/** The earliest time at which one of the steps wants to be looked at again. */
export function earliest(steps: Iterable<StepRecord>): string | undefined {
  let first: string | undefined;
  for (const { wakeAt } of steps) if (wakeAt !== undefined && (first === undefined || wakeAt < first)) first = wakeAt;
  return first;
}

/** A run, and the policy that what it asks is held against. */
interface AskingRun {
  run: RunRow;
  policy: Policy | undefined;
}

/** Locks names of events before approvals, as sending does before it appends to the log. */
async function openWaits(
  { ctx, rouser }: JournalServices,
  tx: Transaction,
  asking: AskingRun,
  waits: readonly NewWait[],
): Promise<StepRecord[]> {
  const events = await openEventWaits(ctx, tx, asking.run, waits);
  const steps: StepRecord[] = [];
  for (const { step, request, child, notice } of waits) {
    if (request) steps.push(await openGate(ctx, tx, asking, { step, request }));
    else if (child) steps.push(await openInvocation(ctx, tx, rouser, { step, child, parent: asking.run }));
    else if (notice) steps.push(await tell(ctx, tx, asking.run, { step, notice }));
    else steps.push(events.get(step.name) ?? step);
  }
  return steps;
}

/** The steps whose event has come before, by name. */
async function openEventWaits(
  ctx: Context,
  tx: Transaction,
  run: RunRow,
  waits: readonly NewWait[],
): Promise<ReadonlyMap<string, StepRecord>> {
  const settled = new Map<string, StepRecord>();
  const steps = waits.flatMap(({ step }) => (step.event ? { step, awaited: step.event } : []));
  const found = await awaitEvents(tx, run, steps);
  for (const [step, event] of found) {
    const output = eventOutput(event);
    settled.set(
      step.name,
      await settleAtOnce(tx, run, { ...step, eventSeq: event.seq }, output, isoTime(ctx.clock.now())),
    );
  }
  return settled;
}

async function tell(
  ctx: Context,
  tx: Transaction,
  run: RunRow,
  { step, notice }: { step: StepRecord; notice: Notice },
): Promise<StepRecord> {
  const source = { tenantId: run.tenant_id, runId: run.id, workflow: run.workflow, step: step.name };
  await queueNotice(ctx, tx, source, notice);
  return settleAtOnce(tx, run, step, undefined, isoTime(ctx.clock.now()));
}

async function openInvocation(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { step, child, parent }: { step: StepRecord; child: NewChild; parent: RunRow },
): Promise<StepRecord> {
  try {
    return { ...step, childRunId: await startChild(ctx, tx, rouser, { parent, step: step.name, child }) };
  } catch (error) {
    throw refused(step, error);
  }
}

/** What is wrong with a request is the handler's to know; anything else is ours. */
function refused(step: StepRecord, error: unknown): unknown {
  return error instanceof HoldpointError && error.status < 500 ? new GateRefusedError(step, error) : error;
}

async function openGate(
  ctx: Context,
  tx: Transaction,
  { run, policy }: AskingRun,
  { step, request }: Required<Pick<NewWait, "step" | "request">>,
): Promise<StepRecord> {
  try {
    const facts = { tenantId: run.tenant_id, policy, ...(run.owner_id !== null && { ownerId: run.owner_id }) };
    const { approval, created } = await requestApproval(ctx, tx, facts, request);
    if (!created) assertOwn(run, approval);
    const gate = { ...step, approvalId: approval.id };
    return approval.outcome
      ? await settleAtOnce(tx, run, gate, asJson({ ...approval.outcome, approvalId: approval.id }), approval.outcome.at)
      : gate;
  } catch (error) {
    throw refused(step, error);
  }
}

/** The same request may have been made before, but not by somebody whom nothing bars from approving it. */
function assertOwn(run: RunRow, { id, ownerId }: Approval): void {
  if ((ownerId ?? null) === run.owner_id) return;
  throw new HoldpointError("idempotency_conflict", `Approval ${id} was requested for this gate by somebody else.`);
}

/** What a run comes to wait for can have come before it. */
async function settleAtOnce(
  tx: Transaction,
  run: RunRow,
  step: StepRecord,
  output: Json | undefined,
  at: string,
): Promise<StepRecord> {
  const lease = leaseOf(run);
  const settled = (await settleUnder(tx, [lease], at)).get(run.id);
  if (settled === undefined) throw new LeaseLostError(lease);
  return { ...step, status: "completed", ...(output !== undefined && { output }), settled, finishedAt: at };
}
