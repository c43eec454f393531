import type { Server as HttpServer } from "node:http";
import { type ApprovalActions, type Approvals, HoldpointError, type Viewer } from "@holdpoint/core";
import type { Router } from "express";
import { approvalsFor } from "./approvals/approvals-for.ts";
import { type HostEvents, hostEvents } from "./host-events.ts";
import { type HostRuns, hostRuns } from "./host-runs.ts";
import { apiRouter } from "./http/api-router.ts";
import { defaultRateLimit } from "./http/rate-limit.ts";
import type { ApiKeys } from "./identity/api-keys.ts";
import { assertRanges } from "./option-ranges.ts";
import type { HoldpointOptions } from "./options.ts";
import { createParts, type Parts } from "./parts.ts";
import { type HostPolicy, hostPolicy } from "./policy/host-policy.ts";
import { openStore } from "./store/open-store.ts";
import { systemViewer } from "./system-viewer.ts";

/** A Holdpoint: made by {@link createHoldpoint}, to be mounted into a host's server and called in process. */
export interface Holdpoint {
  /** The HTTP API, for `app.use(mountPath, holdpoint.router)`. */
  readonly router: Router;
  /** Serves the live feed on a server, at `<mountPath>/live`. */
  attach(httpServer: HttpServer): void;
  /**
   * Opens the database, brings its schema up to date and starts to work on runs and deadlines.
   *
   * @throws {HoldpointError} `unavailable` when the database can't be reached or is in use by another process;
   *   `invalid_request` when its URL is not one
   */
  start(): Promise<void>;
  /** Ends long waits and live connections, finishes steps in flight or gives their runs back, closes the database. */
  stop(options?: StopOptions): Promise<void>;
  /** Approvals of the default tenant, with the rights of an admin; of anyone else by `as`. */
  readonly approvals: Approvals &
    ApprovalActions & {
      as(viewer: Viewer): Approvals & ApprovalActions;
    };
  /** Runs of the default tenant, with the rights of an admin; of anyone else by `as`. */
  readonly runs: HostRuns;
  /** Tells runs of the default tenant, or of another, that something happened. */
  readonly events: HostEvents;
  readonly apiKeys: ApiKeys;
  /** What the policy would do, and remembered grants; of the default tenant, of anyone else by `as`. */
  readonly policy: HostPolicy;
}

/** How patiently to stop. */
export interface StopOptions {
  /** How long steps in flight may go on, ms; default 8,000. After that they are left for others to repeat. */
  deadlineMs?: number;
}

/** How long steps in flight may go on while a server stops, ms. */
const stopDeadlineMs = 8_000;

/**
 * Makes a Holdpoint. Nothing happens yet: `start` opens the database, the host mounts `router` and calls `attach`.
 *
 * @throws {HoldpointError} `invalid_request` when the options can't be used
 */
export function createHoldpoint(options: HoldpointOptions): Holdpoint {
  assertOptions(options);
  const { mountPath = "/api", allowedOrigins = [], rateLimit = defaultRateLimit, metricsToken } = options;
  const parts = createParts({ ...options, mountPath });
  const { ctx, log, live, runs, apiKeys, authenticate, metrics } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const api = { authenticate, allowedOrigins, mountPath, rateLimit, metrics, metricsToken, stopping: signal };
  const approvalsOf = (viewer: Viewer) => approvalsFor(ctx, log, viewer, signal);
  let started = false;

  const stop = ({ deadlineMs = stopDeadlineMs }: StopOptions = {}) => {
    stopping.abort(new HoldpointError("unavailable", "The server is stopping; ask again."));
    return stopParts(parts, deadlineMs);
  };
  return {
    router: apiRouter({ ctx, log, runs }, api),
    attach: (httpServer) => live.attach(httpServer),
    async start() {
      if (started) throw new HoldpointError("invalid_request", "This Holdpoint was started before; make a new one.");
      started = true;
      try {
        await startParts(parts, options);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    approvals: { ...approvalsOf(systemViewer), as: approvalsOf },
    runs: hostRuns(runs, signal),
    events: hostEvents(runs),
    apiKeys,
    policy: hostPolicy(ctx),
  };
}

async function startParts(parts: Parts, { database, failpoint }: HoldpointOptions): Promise<void> {
  const { ctx, handle, metrics, log, live, deadlines, runs, sender } = parts;
  const onError = (error: unknown) => ctx.logger.error({ err: error }, "database trouble");
  handle.open(metrics.counting(await openStore({ database, onError, failpoint })));
  log.start();
  live.start();
  sender.start();
  deadlines.start();
  await runs.startWorker();
}

async function stopParts({ handle, log, live, deadlines, runs, sender }: Parts, deadlineMs: number): Promise<void> {
  try {
    await Promise.all([live.stop(), runs.stopWorker({ deadlineMs }), sender.stop({ deadlineMs }), deadlines.stop()]);
    await log.stop();
  } finally {
    await handle.close();
  }
}

function assertOptions(options: HoldpointOptions): void {
  const { authenticate, mountPath = "" } = options;
  if (typeof authenticate !== "function") {
    throw new HoldpointError(
      "invalid_request",
      "createHoldpoint needs authenticate, which says who is calling; sessionTokens({ secret }).authenticate is a ready-made one.",
    );
  }
  if (mountPath !== "" && !/^(?:\/[^/\s]+)+$/.test(mountPath)) {
    throw new HoldpointError("invalid_request", `mountPath "${mountPath}" is not a path such as "/api".`);
  }
  assertRanges(options);
}
