import type { Notice } from "@holdpoint/core";
import type { Context } from "../context.ts";
import type { Transaction } from "../store/store.ts";
import { insertDeliveries } from "./deliveries-table.ts";
import type { NoticeBody } from "./parcel.ts";
import { routed, routesOf, wayOf } from "./queue-notifications.ts";

/** Which step of which run has something to say. */
export interface NoticeSource {
  tenantId: string;
  runId: string;
  workflow: string;
  /** The step's recorded name, unique within the run. */
  step: string;
}

/**
 * Queues what a run tells people without waiting, one delivery per channel and destination, in the transaction that records
 * the step; doing so twice for one step tells them once.
 */
export async function queueNotice(ctx: Context, tx: Transaction, source: NoticeSource, notice: Notice): Promise<void> {
  const { tenantId, runId, workflow, step } = source;
  const { title = workflow, message, content, destination, destinations = [], channels } = notice;
  const body: NoticeBody = { title, message, content, workflow };
  const routes = routesOf({ channels, destinations: destination ? [destination, ...destinations] : destinations });
  const rows = routes.map((route) => ({
    ...routed(ctx, route),
    tenant_id: tenantId,
    cause: "notice",
    run_id: runId,
    lane: `${runId}:${step}/${wayOf(route)}`,
    position: 0,
    body: JSON.stringify(body),
  }));
  await insertDeliveries(tx, rows);
  tx.afterCommit(() => ctx.outbox.queued());
}
