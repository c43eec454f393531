import { type Approval, type ApprovalCause, canonicalJson, type Destination, sha256Hex } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { expireLane, hastenLanes, insertDeliveries, lanesOf, type NewDelivery } from "./deliveries-table.ts";
import { findChannel } from "./outbox.ts";

/** A way that a notification takes: a channel by name, or the one for a destination's type. */
export interface NotificationRoute {
  name?: string;
  destination?: Destination;
}

/**
 * Queues what people are told of an approval outside the app, one delivery per channel and destination that it names, in
 * the transaction of what they are told of. Doing so twice for one state of the approval tells them once. Where no channel
 * is configured, the delivery is parked at once, for all to see.
 */
export async function queueNotifications(
  ctx: Context,
  tx: Transaction,
  approval: Approval,
  cause: ApprovalCause,
): Promise<void> {
  const routes = routesOf(approval);
  if (routes.length === 0) return;
  const { id, tenantId, version } = approval;
  const queued = routes.map((route) => ({
    ...routed(ctx, route),
    tenant_id: tenantId,
    cause,
    approval_id: id,
    run_id: approval.source?.runId ?? null,
    lane: `${id}/${wayOf(route)}`,
    position: version,
  }));
  const wanted = cause === "resolved" ? await toThoseAsked(tx, queued) : queued;
  // What is still to be asked there has become pointless, and mustn't hold up the end until it is tried again.
  if (cause === "resolved")
    await hastenLanes(
      tx,
      wanted.map(({ lane }) => lane),
      isoTime(ctx.clock.now()),
    );
  await insertDeliveries(tx, wanted);
  tx.afterCommit(() => ctx.outbox.queued());
}

/**
 * What couldn't be asked anywhere can't be taken back there either. Where people were asked by a channel that isn't
 * configured any more, the end is parked, to be told once it is; what they were asked is kept as long.
 */
async function toThoseAsked<Queued extends ReturnType<typeof routed> & { lane: string }>(
  tx: Transaction,
  queued: readonly Queued[],
): Promise<Queued[]> {
  const parked = queued.filter(({ status }) => status === "parked");
  const told = await lanesOf(
    tx.db,
    parked.map(({ lane }) => lane),
  );
  const isAsked = ({ lane }: Queued) => told.get(lane)?.some(({ tried }) => tried) === true;
  for (const end of parked) if (isAsked(end) && "expires_at" in end) await expireLane(tx, end.lane, end.expires_at);
  return queued.filter((end) => end.status !== "parked" || isAsked(end));
}

/** The ways that someone has named, each once. */
export function routesOf({ channels = [], destinations = [] }: Pick<Approval, "channels" | "destinations">) {
  const routes: NotificationRoute[] = [
    ...channels.map((name) => ({ name })),
    ...destinations.map((destination) => ({ destination })),
  ];
  return [...new Map(routes.map((route) => [wayOf(route), route])).values()];
}

/** Names a way, for lanes. */
export function wayOf({ name, destination }: NotificationRoute): string {
  return destination ? `${destination.type}:${sha256Hex(canonicalJson(destination)).slice(0, 24)}` : `${name}`;
}

/** The part of a delivery that follows from its way. */
export function routed(ctx: Context, route: NotificationRoute) {
  const { outbox, clock, newId } = ctx;
  const found = findChannel(outbox, route);
  const now = clock.now();
  const delivery = {
    id: newId("dlv"),
    kind: "notification",
    channel: found?.name ?? route.name ?? `${route.destination?.type}`,
    destination: route.destination ? JSON.stringify(route.destination) : null,
    created_at: isoTime(now),
  } as const satisfies Partial<NewDelivery>;
  return found ? { ...delivery, status: "pending" as const } : { ...delivery, ...parked(ctx, unconfigured(route)) };
}

/** What is set when a delivery is given up. */
export function parked({ clock, outbox }: Context, error: string) {
  const now = clock.now();
  const expiresAt = isoTime(now + outbox.retention.parkedMs);
  return { status: "parked", error, due_at: null, finished_at: isoTime(now), expires_at: expiresAt } as const;
}

/** Why nothing can be sent that way. */
export function unconfigured({ name, destination }: NotificationRoute): string {
  return destination
    ? `No channel for destinations of type "${destination.type}" is configured.`
    : `No channel "${name}" is configured.`;
}
