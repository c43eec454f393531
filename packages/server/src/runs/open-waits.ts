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
import { type NewChild, startChild } from "./child-run.ts";
import type { Rouser } from "./claims-table.ts";
import { LeaseLostError, leaseOf, settleUnder } from "./lease-table.ts";
import type { RunRow } from "./run-record.ts";
import type { RunServices } from "./run-services.ts";
import type { StepRecord } from "./step-record.ts";
import { reopenWaits } from "./steps-table.ts";

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

/** A run, and the policy that what it asks is held against. */
interface AskingRun {
  run: RunRow;
  policy: Policy | undefined;
  /** Its waits for events to which nobody listens any more. */
  lost: readonly string[];
}

/**
 * Locks names of events before approvals, as sending does before it appends to the log.
 *
 * @returns what was opened, and those of the lost waits that wait again because their event was taken
 */
export async function openWaits(
  { ctx, rouser }: RunServices,
  tx: Transaction,
  asking: AskingRun,
  waits: readonly NewWait[],
): Promise<StepRecord[]> {
  const { events, reopened } = await openEventWaits(ctx, tx, asking, waits);
  const steps: StepRecord[] = [];
  for (const { step, request, child, notice } of waits) {
    if (request) steps.push(await openGate(ctx, tx, asking, { step, request }));
    else if (child) steps.push(await openInvocation(ctx, tx, rouser, { step, child, parent: asking.run }));
    else if (notice) steps.push(await tell(ctx, tx, asking.run, { step, notice }));
    else steps.push(events.get(step.name) ?? step);
  }
  return [...steps, ...reopened];
}

/** The steps whose event has come before, by name; and the lost ones whose event they took. */
async function openEventWaits(
  ctx: Context,
  tx: Transaction,
  { run, lost }: AskingRun,
  waits: readonly NewWait[],
): Promise<{ events: ReadonlyMap<string, StepRecord>; reopened: StepRecord[] }> {
  const events = new Map<string, StepRecord>();
  const steps = waits.flatMap(({ step }) => (step.event ? { step, awaited: step.event } : []));
  const { found, reopened } = await awaitEvents(tx, run, steps, lost);
  for (const [step, event] of found) {
    const answered = { ...step, eventSeq: event.seq };
    events.set(step.name, await settleAtOnce(tx, run, answered, eventOutput(event), isoTime(ctx.clock.now())));
  }
  await reopenWaits(
    tx,
    run.id,
    reopened.map(({ name }) => name),
  );
  return { events, reopened: reopened.map((step) => events.get(step.name) ?? step) };
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
