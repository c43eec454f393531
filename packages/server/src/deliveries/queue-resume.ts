import { type Approval, canonicalJson } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { type CompleteGroup, isGrouped, leaveGroup } from "./approval-groups.ts";
import { insertDeliveries } from "./deliveries-table.ts";
import { type GroupBody, unresumable } from "./parcel.ts";
import { parked } from "./queue-notifications.ts";

/**
 * What becomes of an outcome that nothing in this database waits for: it goes out by a resumer; it can't, because none is
 * configured; or nobody wants it sent, since a requester that leaves no `ref` asks for the outcome itself.
 */
export type ResumeRoute = "resumer" | "unresumable" | "asked for";

/** Which of these it is. */
export function resumeRoute({ outbox }: Context, { source }: Approval): ResumeRoute {
  if (source && outbox.resumers.has(source.engine)) return "resumer";
  return source?.ref === undefined ? "asked for" : "unresumable";
}

/**
 * Queues the outcome of an approval for what waits for it outside, in the transaction that ended it; of a group with mode
 * `all` those of all members, once the last of them has ended.
 */
export async function queueResume(ctx: Context, tx: Transaction, approval: Approval): Promise<void> {
  const { id, tenantId, source } = approval;
  const route = resumeRoute(ctx, approval);
  const grouped = isGrouped(ctx, approval);
  const complete = grouped ? await leaveGroup(tx, approval) : undefined;
  if (!source || route === "asked for" || (grouped && !complete)) return;
  const delivery = {
    id: ctx.newId("dlv"),
    tenant_id: tenantId,
    kind: "resume",
    cause: "resolved",
    approval_id: id,
    run_id: source.runId ?? null,
    channel: source.engine,
    created_at: isoTime(ctx.clock.now()),
    ...(complete ? together(tenantId, source.engine, complete) : { lane: `${id}>${source.engine}`, position: 1 }),
    ...(route === "unresumable" && parked(ctx, unresumable(source.engine))),
  } as const;
  await insertDeliveries(tx, [delivery]);
  tx.afterCommit(() => ctx.outbox.queued());
}

function together(tenantId: string, engine: string, { key, ownedKey, round, members }: CompleteGroup) {
  const body: GroupBody = { group: key, members };
  return { lane: `group>${canonicalJson([tenantId, engine, ownedKey])}`, position: round, body: JSON.stringify(body) };
}
