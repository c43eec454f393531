import { claimApproval, commentOnApproval, reassignApproval, releaseApproval } from "../approvals/approval-acts.ts";
import { cancelApproval } from "../approvals/cancel-approval.ts";
import { consumeApproval } from "../approvals/consume-approval.ts";
import { heartbeat } from "../approvals/heartbeat.ts";
import { approvalEvents, getApproval } from "../approvals/read-approvals.ts";
import { requestAsViewer } from "../approvals/request-approval.ts";
import { bulkRespond, respond } from "../approvals/respond.ts";
import { waitForApproval } from "../approvals/wait-for-approval.ts";
import type { Context } from "../context.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { redeliver } from "../deliveries/redeliver.ts";
import type { LogTail } from "../live/log-tail.ts";
import { subscribeViewer } from "../live/subscription.ts";
import { explainPolicy } from "../policy/explain-policy.ts";
import { grantsPage, revokeGrant } from "../policy/grants.ts";
import type { Runs } from "../runs/runs.ts";
import { countApprovals } from "../store/approval-counts.ts";
import { listApprovals } from "../store/approval-list.ts";
import type { Call, Handlers } from "./bind-routes.ts";

/** What the routes are made of. */
export interface HandlerServices {
  ctx: Context;
  log: LogTail;
  runs: Runs;
}

/** What each route does. */
export function createHandlers(services: HandlerServices): Handlers {
  return {
    ...approvalHandlers(services),
    ...actionHandlers(services),
    ...deliveryHandlers(services),
    ...policyHandlers(services),
    ...feedHandlers(services),
    ...runHandlers(services),
  };
}

type ApprovalRoutes =
  | "requestApproval"
  | "listApprovals"
  | "bulkRespond"
  | "getApproval"
  | "getApprovalEvents"
  | "waitApproval"
  | "respond"
  | "cancelApproval"
  | "heartbeat";

function approvalHandlers({ ctx, log }: HandlerServices): Pick<Handlers, ApprovalRoutes> {
  return {
    async requestApproval({ viewer, input }) {
      const { approval, created } = await requestAsViewer(ctx, viewer, input.body);
      return { status: created ? 201 : 200, body: approval };
    },
    async listApprovals({ viewer, input }) {
      return { status: 200, body: await listApprovals(ctx.store.reader, viewer, input.query, ctx.clock.now()) };
    },
    async bulkRespond({ viewer, input, ...call }) {
      return { status: 200, body: { results: await bulkRespond(ctx, viewer, input.body, { via: surfaceOf(call) }) } };
    },
    async getApproval({ viewer, input }) {
      return { status: 200, body: await getApproval(ctx, viewer, input.params.id) };
    },
    async getApprovalEvents({ viewer, input }) {
      return { status: 200, body: await approvalEvents(ctx, viewer, input.params.id, input.query) };
    },
    async waitApproval({ viewer, input, signal }) {
      const facts = { timeout: input.query.timeout, signal: signal() };
      return { status: 200, body: await waitForApproval(ctx, log, viewer, input.params.id, facts) };
    },
    async respond({ viewer, input, ...call }) {
      const facts = { via: surfaceOf(call), idempotencyKey: input.headers["idempotency-key"] };
      return { status: 200, body: await respond(ctx, viewer, input.params.id, input.body, facts) };
    },
    async cancelApproval({ viewer, input }) {
      return { status: 200, body: await cancelApproval(ctx, viewer, input.params.id, input.body) };
    },
    async heartbeat({ viewer, input }) {
      return { status: 200, body: await heartbeat(ctx, viewer, input.params.id) };
    },
  };
}

type ActionRoutes = "reassignApproval" | "claimApproval" | "releaseApproval" | "commentOnApproval" | "consumeApproval";

function actionHandlers({ ctx }: HandlerServices): Pick<Handlers, ActionRoutes> {
  return {
    async reassignApproval({ viewer, input }) {
      return { status: 200, body: await reassignApproval(ctx, viewer, input.params.id, input.body) };
    },
    async claimApproval({ viewer, input }) {
      return { status: 200, body: await claimApproval(ctx, viewer, input.params.id, input.body) };
    },
    async releaseApproval({ viewer, input }) {
      return { status: 200, body: await releaseApproval(ctx, viewer, input.params.id) };
    },
    async commentOnApproval({ viewer, input }) {
      return { status: 200, body: await commentOnApproval(ctx, viewer, input.params.id, input.body) };
    },
    async consumeApproval({ viewer, input: { params, body, headers } }) {
      return { status: 200, body: await consumeApproval(ctx, viewer, params.id, body, headers["idempotency-key"]) };
    },
  };
}

function policyHandlers({ ctx }: HandlerServices): Pick<Handlers, "listGrants" | "revokeGrant" | "explainPolicy"> {
  return {
    async listGrants({ viewer, input }) {
      return { status: 200, body: await grantsPage(ctx, viewer, input.query) };
    },
    async revokeGrant({ viewer, input }) {
      return { status: 200, body: await revokeGrant(ctx, viewer, input.params.id) };
    },
    async explainPolicy({ viewer, input }) {
      return { status: 200, body: await explainPolicy(ctx, viewer, input.body) };
    },
  };
}

function feedHandlers({ ctx, log }: HandlerServices): Pick<Handlers, "getCounts" | "getChanges"> {
  return {
    async getCounts({ viewer }) {
      return { status: 200, body: await countApprovals(ctx.store.reader, viewer) };
    },
    async getChanges({ viewer, input: { query } }) {
      return {
        status: 200,
        body: await subscribeViewer(ctx, log, viewer, { cursor: query.since, limit: query.limit }),
      };
    },
  };
}

function deliveryHandlers({ ctx }: HandlerServices): Pick<Handlers, "listDeliveries" | "redeliver"> {
  return {
    async listDeliveries({ viewer, input }) {
      return { status: 200, body: await listDeliveries(ctx, viewer, input.query) };
    },
    async redeliver({ viewer, input }) {
      return { status: 200, body: await redeliver(ctx, viewer, input.params.id) };
    },
  };
}

type RunRoutes = "startRun" | "listRuns" | "getRun" | "waitRun" | "retryRun" | "cancelRun" | "sendEvent";

function runHandlers({ runs }: HandlerServices): Pick<Handlers, RunRoutes> {
  return {
    async startRun({ viewer, input }) {
      return { status: 202, body: await runs.start(viewer, input.body) };
    },
    async listRuns({ viewer, input }) {
      return { status: 200, body: await runs.list(viewer, input.query) };
    },
    async getRun({ viewer, input }) {
      return { status: 200, body: await runs.get(viewer, input.params.id) };
    },
    async waitRun({ viewer, input, signal }) {
      const options = { timeout: input.query.timeout, signal: signal() };
      return { status: 200, body: await runs.wait(viewer, input.params.id, options) };
    },
    async sendEvent({ viewer, input }) {
      const { event, created } = await runs.send(viewer, input.body);
      return { status: created ? 201 : 200, body: event };
    },
    async retryRun({ viewer, input }) {
      return { status: 200, body: await runs.retry(viewer, input.params.id) };
    },
    async cancelRun({ viewer, input }) {
      return { status: 200, body: await runs.cancel(viewer, input.params.id, input.body) };
    },
  };
}

function surfaceOf({ fromPage }: Pick<Call<"respond">, "fromPage">): "ui" | "api" {
  return fromPage ? "ui" : "api";
}
