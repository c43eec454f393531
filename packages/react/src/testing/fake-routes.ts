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

/** What answers the routes of a fake server. */
export type FakeRoutes = {
  [R in RouteName]: (input: RouteInput<Routes[R]>, options: RequestOptions) => Promise<RouteOutput<Routes[R]>>;
};

/** Answers core's routes from approvals in memory; runs there are none. */
export function fakeRoutes(
  approvals: MemoryApprovals,
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
    getCounts: () => approvals.counts(),
    getChanges: ({ query }) => changesSince(query.since),
    startRun: ({ body }) => noRun(body.workflow),
    listRuns: async () => ({ items: [] }),
    getRun: ({ params }) => noRun(params.id),
    waitRun: ({ params }) => noRun(params.id),
    cancelRun: ({ params }) => noRun(params.id),
  };
}

async function noRun(name: string): Promise<never> {
  throw new HoldpointError("not_found", `There is no run ${name}: the fake transport holds approvals only.`);
}
