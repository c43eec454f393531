import {
  type Approval,
  applyConsume,
  assertCanConsume,
  type ConsumeInput,
  type Person,
  personOf,
  systemPerson,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { lockApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { isRepeated } from "./response-key.ts";
import { transition } from "./transition.ts";
import { lockVisible } from "./visible-approval.ts";

/**
 * Uses up the right to execute what was approved, on behalf of who asked for it, or of an admin. The same consumption
 * again by the same viewer with the same idempotency key gives the approval again, so that who got no answer, or died
 * before executing, can go on.
 *
 * @throws {HoldpointError} `not_found`, `forbidden`, `decision_not_allowed`, `digest_mismatch`, `already_consumed`;
 *   `idempotency_conflict` when the key came with something else
 */
export async function consumeApproval(
  ctx: Context,
  viewer: Viewer,
  id: string,
  input: ConsumeInput,
  idempotencyKey?: string,
): Promise<Approval> {
  return ctx.store.write(async (tx) => {
    const approval = await lockVisible(tx, viewer, id);
    assertCanConsume(approval, viewer);
    return consume(ctx, tx, approval, { input, by: personOf(viewer), idempotencyKey });
  });
}

/**
 * The same for a step of one of our own runs; the step's key makes a repeated attempt find its own consumption.
 *
 * @throws {HoldpointError} as {@link consumeApproval}
 */
export async function consumeForStep(
  ctx: Context,
  step: { tenantId: string; approvalId: string; idempotencyKey: string },
  input: ConsumeInput,
): Promise<void> {
  const { tenantId, approvalId, idempotencyKey } = step;
  await ctx.store.write(async (tx) => {
    const approval = await lockApproval(tx, tenantId, approvalId);
    await consume(ctx, tx, approval, { input, by: systemPerson, idempotencyKey });
  });
}

async function consume(
  ctx: Context,
  tx: Transaction,
  approval: Approval,
  { input, by, idempotencyKey }: { input: ConsumeInput; by: Person; idempotencyKey: string | undefined },
): Promise<Approval> {
  const now = isoTime(ctx.clock.now());
  if (idempotencyKey !== undefined) {
    const call = { verb: "consume", key: idempotencyKey, by: by.id, body: input, now } as const;
    if (await isRepeated(tx, approval, call)) return approval;
  }
  const { approval: consumed, events } = applyConsume(approval, input, by, now);
  return transition(ctx, tx, approval, consumed, events);
}
