import {
  type Approval,
  approvalNotification,
  type ContentBlock,
  contentSummary,
  type DeliverOptions,
  type Destination,
  HoldpointError,
  type Json,
  type Notification,
  type NotificationCause,
  type NotificationFacts,
  type ResumedApproval,
  type Resumption,
  withoutUndefined,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { getApprovalsOf } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { type DeliveryRow, type LaneEntry, lanesOf } from "./deliveries-table.ts";
import { findChannel } from "./outbox.ts";
import { unconfigured } from "./queue-notifications.ts";

/** Sends something; the result is what the channel returned, and `gone` when nothing waits for it any more. */
export type Send = (options: DeliverOptions) => Promise<{ ref?: Json } | "gone">;

/** A claimed delivery, ready to go or found to be of no use. */
export interface Parcel {
  row: DeliveryRow;
  /** Approvals that it is about. */
  approvalIds: string[];
  /** How to send it, or why it isn't to be sent. */
  way: Send | { type: "dropped" } | { type: "parked"; error: string; untried: true };
}

/** What {@link DeliveryRow.body} holds of a notice. */
export interface NoticeBody {
  title: string;
  message?: string;
  content?: ContentBlock[];
  workflow: string;
}

/** What {@link DeliveryRow.body} holds of a group's outcomes. */
export interface GroupBody {
  group: string;
  members: string[];
}

/** Makes parcels of claimed deliveries, reading what they need in a few queries for all. */
export async function loadParcels(ctx: Context, rows: readonly DeliveryRow[]): Promise<Parcel[]> {
  const wanted = rows.map((row) => ({ row, approvalIds: approvalIdsOf(row) }));
  const ids = wanted.flatMap(({ approvalIds }) => approvalIds);
  const tenantIds = [...new Set(rows.map((row) => row.tenant_id))];
  const lanes = rows.filter(({ kind }) => kind === "notification").map(({ lane }) => lane);
  const [approvals, told] = await Promise.all([
    getApprovalsOf(ctx.store.reader, tenantIds, ids),
    lanesOf(ctx.store.reader, lanes),
  ]);
  return wanted.map(({ row, approvalIds }) => {
    const found = approvalIds.flatMap((id) => approvals.get(id) ?? []);
    if (row.kind === "resume") return { row, approvalIds, way: resumption(ctx, row, found) };
    return { row, approvalIds, way: notification(ctx, row, found[0], earlierThan(row, told)) };
  });
}

/** What stands before a delivery in its lane. */
function earlierThan({ lane, position }: DeliveryRow, told: ReadonlyMap<string, LaneEntry[]>): LaneEntry[] {
  return (told.get(lane) ?? []).filter((entry) => entry.position < Number(position));
}

/** The approvals that a delivery is about. */
export function approvalIdsOf({ kind, approval_id, body }: DeliveryRow): string[] {
  if (kind === "resume" && body !== null) return (JSON.parse(body) as GroupBody).members;
  return approval_id === null ? [] : [approval_id];
}

function resumption({ outbox }: Context, row: DeliveryRow, approvals: Approval[]): Parcel["way"] {
  const resumer = outbox.resumers.get(row.channel);
  if (!resumer) return { type: "parked", error: unresumable(row.channel), untried: true };
  return async (options) => ((await resumer.deliver(resumptionOf(row, approvals), options)) === "gone" ? "gone" : {});
}

function resumptionOf(row: DeliveryRow, approvals: Approval[]): Resumption {
  const resumed = approvals.map(resumedApproval);
  const at = resumed.map(({ outcome }) => outcome.at).reduce((latest, at) => (at > latest ? at : latest), "");
  const group = row.body === null ? undefined : (JSON.parse(row.body) as GroupBody).group;
  return withoutUndefined<Resumption>({ id: row.id, tenantId: row.tenant_id, group, at, approvals: resumed });
}

/** Why an outcome can't be delivered to an engine. */
export function unresumable(engine: string): string {
  return `No resumer for the engine "${engine}" is configured.`;
}

function resumedApproval({ id, key, kind, source, outcome }: Approval): ResumedApproval {
  if (!source || !outcome) throw new Error(`Approval ${id} has no outcome to deliver.`);
  return withoutUndefined<ResumedApproval>({ approvalId: id, key, kind, source, outcome });
}

function notification(
  ctx: Context,
  row: DeliveryRow,
  approval: Approval | undefined,
  earlier: readonly LaneEntry[],
): Parcel["way"] {
  const destination = row.destination === null ? undefined : (JSON.parse(row.destination) as Destination);
  const found = findChannel(ctx.outbox, { name: row.channel, destination });
  if (!found) {
    const error = unconfigured(destination ? { destination } : { name: row.channel });
    return { type: "parked", error, untried: true };
  }
  if (approval && isPointless(row, approval, earlier)) return { type: "dropped" };
  const cause = row.cause as NotificationCause;
  const refs = earlier.flatMap(({ ref }) => (ref === undefined ? [] : [ref]));
  const facts = withoutUndefined({ id: row.id, cause, destination, at: row.created_at, refs });
  // As part of the attempt: what the host's function throws is this delivery's failure, and no other's.
  const what = () =>
    approval
      ? approvalNotification(approval, withoutUndefined({ ...facts, url: ctx.outbox.reviewUrl?.(approval) }))
      : notice(row, facts);
  // A channel written in JavaScript may return nothing: it was sent all the same.
  return async (options) => (await found.channel.send(what(), options)) ?? {};
}

/** Nobody is asked what has been decided, and nobody is told the end of what they weren't asked. */
function isPointless({ cause }: DeliveryRow, { status }: Approval, earlier: readonly LaneEntry[]): boolean {
  return cause === "resolved" ? earlier.every(({ tried }) => !tried) : status !== "pending";
}

/**
 * @throws {HoldpointError} `already_resolved` when a finished delivery would be dropped rather than sent again
 */
export async function assertOfUse({ db }: Transaction, row: DeliveryRow): Promise<void> {
  const { id, tenant_id, kind, cause, channel, approval_id } = row;
  if (kind === "resume" || approval_id === null) return;
  const approval = (await getApprovalsOf(db, [tenant_id], [approval_id])).get(approval_id);
  if (!approval || !isPointless(row, approval, earlierThan(row, await lanesOf(db, [row.lane])))) return;
  const why =
    cause === "resolved"
      ? `nobody was asked by "${channel}", so that nobody there waits to hear the end`
      : `approval ${approval_id} has ended (${approval.status}), so that nobody is to be asked any more`;
  throw new HoldpointError("already_resolved", `Delivery ${id} isn't sent again: ${why}.`);
}

function notice(row: DeliveryRow, facts: NotificationFacts): Notification {
  const { title, message, content = [], workflow } = JSON.parse(row.body ?? "{}") as NoticeBody;
  const run = row.run_id === null ? undefined : { id: row.run_id, workflow };
  const summary = contentSummary({ content });
  return withoutUndefined<Notification>({
    ...facts,
    tenantId: row.tenant_id,
    title,
    message,
    summary,
    run,
    buttons: [],
  });
}
