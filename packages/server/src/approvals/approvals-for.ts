import { type ApprovalActions, type Approvals, parse, routes, type Viewer } from "@holdpoint/core";
import { withAnySignal } from "../any-signal.ts";
import type { Context } from "../context.ts";
import type { LogTail } from "../live/log-tail.ts";
import { listApprovals } from "../store/approval-list.ts";
import { claimApproval, commentOnApproval, reassignApproval, releaseApproval } from "./approval-acts.ts";
import { cancelApproval } from "./cancel-approval.ts";
import { consumeApproval } from "./consume-approval.ts";
import { heartbeat } from "./heartbeat.ts";
import { getApproval } from "./read-approvals.ts";
import { requestAsViewer } from "./request-approval.ts";
import { respond } from "./respond.ts";
import { waitForApproval } from "./wait-for-approval.ts";

/**
 * The approvals of this server as one viewer has them, in process; takes and refuses the same as the HTTP routes.
 *
 * @param stopping ends waits
 */
export function approvalsFor(
  ctx: Context,
  log: LogTail,
  viewer: Viewer,
  stopping: AbortSignal,
): Approvals & ApprovalActions {
  return {
    request: async (request) => (await requestAsViewer(ctx, viewer, request)).approval,
    respond: async (id, response, { idempotencyKey, via } = {}) =>
      respond(ctx, viewer, id, parse(routes.respond.body, response), { idempotencyKey, via }),
    ...actionsFor(ctx, viewer),
    cancel: async (id, input = {}) => cancelApproval(ctx, viewer, id, parse(routes.cancelApproval.body, input)),
    heartbeat: (id) => heartbeat(ctx, viewer, id),
    get: (id) => getApproval(ctx, viewer, id),
    list: async (query = {}) =>
      listApprovals(ctx.store.reader, viewer, parse(routes.listApprovals.query, query, "query"), ctx.clock.now()),
    wait: async (id, { timeout, signal } = {}) => {
      const limits = parse(routes.waitApproval.query, { timeout }, "options");
      return withAnySignal([stopping, signal], (signal) =>
        waitForApproval(ctx, log, viewer, id, { ...limits, signal }),
      );
    },
  };
}

function actionsFor(ctx: Context, viewer: Viewer): ApprovalActions {
  return {
    reassign: async (id, input) => reassignApproval(ctx, viewer, id, parse(routes.reassignApproval.body, input)),
    claim: async (id, input = {}) => claimApproval(ctx, viewer, id, parse(routes.claimApproval.body, input)),
    release: (id) => releaseApproval(ctx, viewer, id),
    comment: async (id, input) => commentOnApproval(ctx, viewer, id, parse(routes.commentOnApproval.body, input)),
    consume: async (id, input, { idempotencyKey } = {}) =>
      consumeApproval(ctx, viewer, id, parse(routes.consumeApproval.body, input), idempotencyKey),
  };
}
