import { createIds, type Duration, durationMs, HoldpointError, type Resumer, type Viewer } from "@holdpoint/core";
import { destination, pino } from "pino";
import { systemClock } from "./clock.ts";
import type { Context } from "./context.ts";
import { countOpenDeliveries } from "./deliveries/deliveries-table.ts";
import { DeliverySender } from "./deliveries/delivery-sender.ts";
import { createOutbox, type Outbox } from "./deliveries/outbox.ts";
import { createMetrics, type MetricSources, type Metrics } from "./http/metrics.ts";
import { type ApiKeys, createApiKeys } from "./identity/api-keys.ts";
import { type Authenticate, anyOf } from "./identity/authenticate.ts";
import { LiveFeed } from "./live/live-feed.ts";
import { createLogTail, type LogTail } from "./live/log-tail.ts";
import type { HoldpointOptions } from "./options.ts";
import { createForgetGrants } from "./policy/forget-grants.ts";
import { createPolicySource } from "./policy/policy-source.ts";
import { createRuns, type Runs } from "./runs/runs.ts";
import { countAllPending, countStale, oldestPending } from "./store/approval-counts.ts";
import { staleBound } from "./store/approval-list.ts";
import type { ImmediateResumer } from "./store/store.ts";
import { createStoreHandle, type StoreHandle } from "./store-handle.ts";
import { createApprovalDeadlines } from "./timers/approval-deadlines.ts";
import { createClaimExpiries } from "./timers/claim-expiries.ts";
import { createDeadlines, type Deadlines } from "./timers/deadlines.ts";

/** What a Holdpoint is made of, wired up; nothing of it runs yet. */
export interface Parts {
  readonly ctx: Context;
  /** Where the store goes once it is open. */
  readonly handle: StoreHandle;
  readonly log: LogTail;
  readonly live: LiveFeed;
  readonly deadlines: Deadlines;
  readonly runs: Runs;
  readonly sender: DeliverySender;
  readonly apiKeys: ApiKeys;
  /** API keys, and what the host says. */
  readonly authenticate: Authenticate;
  readonly metrics: Metrics;
}

/** Wires up the parts of a Holdpoint. */
export function createParts(options: HoldpointOptions & { mountPath: string }): Parts {
  const { mountPath, allowedOrigins, workflows = [], runConcurrency, leaseMs, failpoint } = options;
  const rememberEventsMs = durationMs(options.rememberEvents ?? "30d", "rememberEvents");
  const handle = createStoreHandle();
  const resumers = new Map<string, ImmediateResumer>();
  const ctx = contextOf(options, handle, resumers);
  const log = createLogTail(ctx);
  const deadlines = createDeadlines(ctx);
  deadlines.add(createApprovalDeadlines(ctx, options.random));
  deadlines.add(createClaimExpiries(ctx));
  deadlines.add(createForgetGrants(ctx));
  const runs = createRuns(ctx, {
    workflows,
    deadlines,
    concurrency: runConcurrency,
    leaseMs,
    rememberEventsMs,
    handlerStallMs: options.handlerStallMs,
    maxRecoveries: options.maxRecoveries,
    random: options.random,
    failpoint,
  });
  for (const resumer of [runs.resumer, ...(options.resumers ?? [])]) register(ctx, resumers, resumer);
  const sender = new DeliverySender(ctx, { ...options.deliveries, wakeBy: deadlines.nudge.bind(deadlines), failpoint });
  deadlines.add(sender);
  const apiKeys = createApiKeys(ctx, (viewer) => live.revoke((connected) => isSameService(connected, viewer)));
  const authenticate = anyOf(apiKeys.authenticate, options.authenticate);
  const live = new LiveFeed(ctx, log, { authenticate, allowedOrigins, path: `${mountPath}/live` });
  const metrics = createMetrics({
    ...pendingFigures(ctx, options.staleAfter),
    liveConnections: () => live.connections,
    openDeliveries: () => countOpenDeliveries(ctx.store.reader),
  });
  return { ctx, handle, log, live, deadlines, runs, sender, apiKeys, authenticate, metrics };
}

/** After how long approvals count as stale. */
const defaultStaleAfter = "48h";

function pendingFigures(
  { store, clock }: Context,
  staleAfter: Duration = defaultStaleAfter,
): Pick<MetricSources, "pendingApprovals" | "staleApprovals" | "oldestPendingAge"> {
  durationMs(staleAfter, "staleAfter");
  return {
    pendingApprovals: () => countAllPending(store.reader),
    staleApprovals: () => countStale(store.reader, staleBound(staleAfter, clock.now())),
    async oldestPendingAge() {
      const oldest = await oldestPending(store.reader);
      return oldest === undefined ? 0 : Math.max(0, (clock.now() - Date.parse(oldest)) / 1_000);
    },
  };
}

function contextOf(
  options: HoldpointOptions,
  { store }: StoreHandle,
  resumers: Map<string, ImmediateResumer>,
): Context {
  const { clock = systemClock, logger = pino({ level: "warn" }, destination(2)) } = options;
  return {
    store,
    clock,
    newId: options.newId ?? createIds({ now: () => clock.now() }),
    logger,
    policies: createPolicySource(options.policy, clock, logger),
    resumers,
    groupMembers: options.groupMembers,
    outbox: outboxOf(options),
  };
}

function outboxOf({ channels, resumers = [], publicUrl, reviewUrl, deliveries = {} }: HoldpointOptions): Outbox {
  const { keepDelivered, keepParked } = deliveries;
  const pages = publicUrl?.replace(/\/+$/, "");
  return createOutbox({
    channels,
    resumers: resumers.filter((resumer) => "deliver" in resumer),
    reviewUrl: reviewUrl ?? (pages === undefined ? undefined : ({ id }) => `${pages}/approvals/${id}`),
    retention: {
      ...(keepDelivered !== undefined && { deliveredMs: durationMs(keepDelivered, "deliveries/keepDelivered") }),
      ...(keepParked !== undefined && { parkedMs: durationMs(keepParked, "deliveries/keepParked") }),
    },
  });
}

function register(
  { outbox }: Context,
  resumers: Map<string, ImmediateResumer>,
  resumer: Resumer | ImmediateResumer,
): void {
  const { engine } = resumer;
  const other = resumers.get(engine) ?? outbox.resumers.get(engine);
  if (other && other !== resumer) {
    throw new HoldpointError("invalid_request", `There are two resumers for the engine "${engine}".`);
  }
  if ("resolved" in resumer) resumers.set(engine, resumer);
}

function isSameService(one: Viewer, other: Viewer): boolean {
  return one.kind === "service" && one.id === other.id && one.tenantId === other.tenantId;
}
