import type { RequestOptions } from "@holdpoint/client";
import {
  HoldpointError,
  type MemoryApprovals,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  type Routes,
  type Subscription,
} from "@holdpoint/core";
import type { FakeRuns } from "./fake-runs.ts";

/** What answers the routes of a fake server. */
export type FakeRoutes = {
  [R in RouteName]: (input: RouteInput<Routes[R]>, options: RequestOptions) => Promise<RouteOutput<Routes[R]>>;
};

/** Answers core's routes from approvals in memory, and from runs that stand still. */
export function fakeRoutes(
  approvals: MemoryApprovals,
  runs: FakeRuns,
  changesSince: (cursor?: string) => Promise<Subscription>,
): FakeRoutes {
  return {
    requestApproval: ({ body }) => approvals.request(body),
    listApprovals: ({ query }) => approvals.list(query),
    bulkRespond: async ({ body }) => ({ results: await approvals.bulkRespond(body) }),
    getApproval: ({ params }) => approvals.get(params.id),
    getApprovalEvents: async ({ params }) => ({ items: await approvals.events(params.id) }),
    waitApproval: ({ params, query }, { signal }) => approvals.wait(params.id, { ...query, signal }),
    respond: ({ params, body }, { idempotencyKey }) =>
      approvals.respond(params.id, body, { idempotencyKey, via: "ui" }),
    cancelApproval: ({ params, body }) => approvals.cancel(params.id, body),
    heartbeat: ({ params }) => approvals.heartbeat(params.id),
    reassignApproval: ({ params, body }) => approvals.reassign(params.id, body),
    claimApproval: ({ params, body }) => approvals.claim(params.id, body),
    releaseApproval: ({ params }) => approvals.release(params.id),
    commentOnApproval: ({ params, body }) => approvals.comment(params.id, body),
    consumeApproval: ({ params, body }, { idempotencyKey }) => approvals.consume(params.id, body, { idempotencyKey }),
    listGrants: async () => ({ items: [] }),
    revokeGrant: async ({ params }) => {
      throw new HoldpointError("not_found", `There is no grant ${params.id}.`);
    },
    explainPolicy: async () => {
      throw new HoldpointError("invalid_request", "The fake transport has no policy.");
    },
    getCounts: () => approvals.counts(),
    getChanges: ({ query }) => changesSince(query.since),
    listDeliveries: async () => ({ items: [] }),
    redeliver: async ({ params }) => {
      throw new HoldpointError("not_found", `There is no delivery ${params.id}.`);
    },
    startRun: async () => {
      throw new HoldpointError("invalid_request", "The fake transport has no workflows: give it runs to show.");
    },
    listRuns: async () => ({ items: runs.list() }),
    getRun: async ({ params }) => runs.get(params.id),
    waitRun: async ({ params }) => runs.get(params.id),
    retryRun: async ({ params }) => runs.retry(params.id),
    cancelRun: async ({ params }) => runs.cancel(params.id),
    sendEvent: async ({ body: { id = "evt_fake", name, data = null } }) => ({
      id,
      name,
      data,
      at: new Date().toISOString(),
    }),
  };
}
