import {
  type Approval,
  type ApprovalCause,
  eventsBetween,
  type NewEvent,
  notificationCausesBetween,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { queueNotifications } from "../deliveries/queue-notifications.ts";
import { queueResume, type ResumeRoute, resumeRoute } from "../deliveries/queue-resume.ts";
import { saveApproval } from "../store/approvals-table.ts";
import type { ImmediateResumer, Transaction } from "../store/store.ts";

/**
 * Stores what became of an approval and returns it: the one place that does. Saves it by compare-and-set, appends what
 * happened to the log, queues what people are to be told, and when it has just ended tells whatever waits for it, all in
 * the same transaction.
 *
 * @param acts what was done to it, where that doesn't follow from the difference
 * @throws {HoldpointError} `unavailable` when `before` isn't how it stands any more
 */
export async function transition(
  ctx: Context,
  tx: Transaction,
  before: Approval,
  after: Approval,
  acts: readonly NewEvent[] = [],
): Promise<Approval> {
  return store(ctx, tx, { before, after, acts, causes: causesOf(before, after, acts) });
}

/**
 * Stores the states that an approval went through at once, one after the other, and returns the last. Where it has ended
 * by then, people are told only that: what they were to be told before is over.
 *
 * @throws {HoldpointError} as {@link transition}
 */
export async function transitions(
  ctx: Context,
  tx: Transaction,
  before: Approval,
  states: readonly Approval[],
): Promise<Approval> {
  const ends = states.some(({ status }) => status !== "pending");
  let current = before;
  for (const after of states) {
    const causes = ends && after.status === "pending" ? [] : causesOf(current, after, []);
    current = await store(ctx, tx, { before: current, after, acts: [], causes });
  }
  return current;
}

/** One change of an approval, what was done to it, and what people are notified of. */
interface Step {
  before: Approval;
  after: Approval;
  acts: readonly NewEvent[];
  causes: readonly ApprovalCause[];
}

async function store(ctx: Context, tx: Transaction, { before, after, acts, causes }: Step): Promise<Approval> {
  if (after === before) return before;
  const hasEnded = before.status === "pending" && after.status !== "pending";
  const resumer = hasEnded && after.source ? ctx.resumers.get(after.source.engine) : undefined;
  const delivery = hasEnded ? deliveryAtEnd(ctx, after, resumer) : undefined;
  const stored = delivery ? { ...after, delivery } : after;
  await saveApproval(tx, before, stored);
  await tx.append(stored.tenantId, [...acts, ...eventsBetween(before, stored)]);
  for (const cause of causes) await queueNotifications(ctx, tx, stored, cause);
  if (resumer) await resumer.resolved(tx, stored);
  else if (hasEnded) await queueResume(ctx, tx, stored);
  return stored;
}

/** What people are notified of: those who are told how it ended needn't be told how it got there. */
function causesOf(before: Approval, after: Approval, acts: readonly NewEvent[]): ApprovalCause[] {
  const causes = notificationCausesBetween(before, after);
  const reassigned = after.status === "pending" && acts.some(({ type }) => type === "approval.reassigned");
  return reassigned ? ["reassigned", ...causes] : causes;
}

const deliveryBy: Record<ResumeRoute, Approval["delivery"]> = {
  resumer: "pending",
  unresumable: "failed",
  "asked for": undefined,
};

/**
 * How far what waits for an approval has been told when the transaction that ends it commits; absent where nothing is to
 * be told, since the requester asks for itself.
 */
function deliveryAtEnd(ctx: Context, ended: Approval, resumer: ImmediateResumer | undefined): Approval["delivery"] {
  if (resumer) return "delivered";
  return deliveryBy[resumeRoute(ctx, ended)];
}
