import {
  type CancelInput,
  type Page,
  type Person,
  parse,
  type Run,
  type RunQuery,
  type RunRequest,
  routes,
  type Viewer,
  type WaitOptions,
  type Workflow,
} from "@holdpoint/core";
import { withAnySignal } from "./any-signal.ts";
import type { Runs } from "./runs/runs.ts";
import { defaultTenant, systemViewer } from "./system-viewer.ts";

/** What starting a run by its workflow's definition takes: the type of its input is checked. */
export interface RunOf<Input> {
  /** The run is one of this version. */
  workflow: Workflow<Input, unknown>;
  input: NoInfer<Input>;
  /** Starting again with the same key returns the first run. */
  key?: string;
}

/** Runs, in process, for one viewer. */
export interface ViewerRuns {
  /**
   * Starts a run: by the workflow's name, in its highest version, or by its definition, in that version. With a `key` that
   * was used before, it gives the run started then.
   *
   * @throws {HoldpointError} `invalid_request`, `forbidden`, `idempotency_conflict`
   */
  start<Input>(request: RunRequest | RunOf<Input>): Promise<Run>;
  /** One run with its steps. */
  get(id: string): Promise<Run>;
  /** Newest first, without their steps. */
  list(query?: RunQuery): Promise<Page<Run>>;
  /** Resolves with the run once it has ended, or as it stands after `timeout` seconds. */
  wait(id: string, options?: WaitOptions): Promise<Run>;
  /** Lets a failed run go on: completed steps keep their results, what it failed with is attempted again. */
  retry(id: string): Promise<Run>;
  /** Ends a run and withdraws the approvals that it waits for. */
  cancel(id: string, input?: CancelInput): Promise<Run>;
}

/** For whom the host starts a run. */
export interface RunOwner {
  /** Owns the run: sees it, and may not decide its approvals unless they allow it. Default: nobody but the system. */
  owner?: Person;
  /** Default `default`. */
  tenantId?: string;
}

/** Runs, in process, for the host itself. */
export interface HostRuns extends Omit<ViewerRuns, "start"> {
  /** As {@link ViewerRuns.start}, on behalf of an owner. */
  start<Input>(request: RunRequest | RunOf<Input>, owner?: RunOwner): Promise<Run>;
  /** The same with the rights of one viewer. */
  as(viewer: Viewer): ViewerRuns;
}

/**
 * Runs as the host has them; they take and refuse the same as the HTTP routes.
 *
 * @param stopping ends waits
 */
export function hostRuns(runs: Runs, stopping: AbortSignal): HostRuns {
  return {
    ...runsFor(runs, systemViewer, stopping),
    start: async (request, { owner, tenantId = defaultTenant } = {}) => {
      const { named, version } = byName(request);
      return runs.start({ ...systemViewer, tenantId }, parse(routes.startRun.body, named), { owner, version });
    },
    as: (viewer) => runsFor(runs, viewer, stopping),
  };
}

/** A request as the routes take it, and the version that a definition asks for. */
function byName<Input>(request: RunRequest | RunOf<Input>): { named: object; version?: number } {
  const { workflow } = request;
  if (typeof workflow !== "object" || workflow === null) return { named: request };
  return { named: { ...request, workflow: workflow.name }, version: workflow.version };
}

function runsFor(runs: Runs, viewer: Viewer, stopping: AbortSignal): ViewerRuns {
  return {
    start: async (request) => {
      const { named, version } = byName(request);
      return runs.start(viewer, parse(routes.startRun.body, named), { version });
    },
    get: (id) => runs.get(viewer, id),
    list: async (query = {}) => runs.list(viewer, parse(routes.listRuns.query, query, "query")),
    wait: async (id, { timeout, signal } = {}) => {
      const limits = parse(routes.waitRun.query, { timeout }, "options");
      return withAnySignal([stopping, signal], (signal) => runs.wait(viewer, id, { ...limits, signal }));
    },
    retry: (id) => runs.retry(viewer, id),
    cancel: async (id, input = {}) => runs.cancel(viewer, id, parse(routes.cancelRun.body, input)),
  };
}
