import type { NewEvent } from "@holdpoint/core";
import type { RequestHandler } from "express";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Store, Transaction } from "../store/store.ts";

/** Figures that are read when they are asked for. */
export interface MetricSources {
  /** Approvals that wait for people, over all tenants. */
  pendingApprovals(): Promise<number>;
  /** Those of them that have waited for longer than the limit. */
  staleApprovals(): Promise<number>;
  /** How long the one has waited that has waited longest, s; 0 when none waits. */
  oldestPendingAge(): Promise<number>;
  liveConnections(): number;
  /** Deliveries that are to be sent or were given up, over all tenants. */
  openDeliveries(): Promise<{ status: string; channel: string; count: number }[]>;
}

/** One server's figures, in a registry of its own. */
export interface Metrics {
  readonly registry: Registry;
  /** Times a request to the named route, from here to the end of its answer. */
  timed(route: string): RequestHandler;
  /** The store, counting what is appended to its logs once that is durable. */
  counting(store: Store): Store;
}

/** Makes the figures that `/metrics` shows. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const durations = new Histogram({
    name: "holdpoint_http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer",
    labelNames: ["route", "status"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10, 60],
    registers: [registry],
  });
  const events = new Counter({
    name: "holdpoint_events_total",
    help: "Events that this server appended to the log",
    labelNames: ["type"],
    registers: [registry],
  });
  new Gauge({
    name: "holdpoint_pending_approvals",
    help: "Approvals that wait for people, over all tenants",
    registers: [registry],
    async collect() {
      this.set(await sources.pendingApprovals());
    },
  });
  new Gauge({
    name: "holdpoint_approvals_stale",
    help: "Approvals that wait for people for longer than staleAfter, over all tenants",
    registers: [registry],
    async collect() {
      this.set(await sources.staleApprovals());
    },
  });
  new Gauge({
    name: "holdpoint_oldest_pending_approval_age_seconds",
    help: "How long the approval has waited for people that has waited longest, over all tenants",
    registers: [registry],
    async collect() {
      this.set(await sources.oldestPendingAge());
    },
  });
  new Gauge({
    name: "holdpoint_live_connections",
    help: "Live connections to this server",
    registers: [registry],
    collect() {
      this.set(sources.liveConnections());
    },
  });
  new Gauge({
    name: "holdpoint_deliveries",
    help: "Deliveries to be sent (pending) and given up (parked), over all tenants",
    labelNames: ["status", "channel"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { status, channel, count } of await sources.openDeliveries()) this.set({ status, channel }, count);
    },
  });
  const count = (appended: NewEvent[]) => {
    for (const { type } of appended) events.inc({ type });
  };
  return { registry, timed: (route) => timer(durations, route), counting: (store) => countingStore(store, count) };
}

function timer(durations: Histogram<"route" | "status">, route: string): RequestHandler {
  return (_req, res, next) => {
    const stop = durations.startTimer({ route });
    res.once("close", () => stop({ status: res.statusCode }));
    next();
  };
}

function countingStore(store: Store, count: (events: NewEvent[]) => void): Store {
  const counting = (tx: Transaction): Transaction => ({
    ...tx,
    append(tenantId, events) {
      tx.afterCommit(() => count(events));
      return tx.append(tenantId, events);
    },
  });
  return {
    engine: store.engine,
    reader: store.reader,
    write: (work) => store.write((tx) => work(counting(tx))),
    onCommit: (listener) => store.onCommit(listener),
    ping: () => store.ping(),
    close: () => store.close(),
  };
}
