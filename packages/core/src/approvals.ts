import type { Approval } from "./approval.ts";
import type { ApprovalQuery } from "./approval-query.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import type { CancelInput, DecisionSource, RespondInput } from "./decision.ts";
import type { Page } from "./page.ts";

/** For calls that can be given up. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** How a response reaches us. */
export interface RespondOptions extends CallOptions {
  /** The same person repeating the same response with the same key gets the stored result. */
  idempotencyKey?: string;
  /** Default `api`. */
  via?: DecisionSource;
}

/** How long to wait for an outcome. */
export interface WaitOptions extends CallOptions {
  /** Seconds, 0 to 60; default 30. */
  timeout?: number;
}

/**
 * Asking people, whatever is behind it: the server in process, the client over HTTP, or memory.
 * Every method acts for one viewer, and every method may throw a {@link HoldpointError}.
 */
export interface Approvals {
  /** Creates an approval, or returns the one made earlier with the same `key` and body. */
  request(request: ApprovalRequest, options?: CallOptions): Promise<Approval>;
  /** Records one reviewer's decision and returns the approval as it now stands. */
  respond(id: string, response: RespondInput, options?: RespondOptions): Promise<Approval>;
  /** Withdraws a pending approval; its outcome is `cancelled`. */
  cancel(id: string, input?: CancelInput, options?: CallOptions): Promise<Approval>;
  /** Keeps the approval of a requester that is still there; see `lease` of a request. */
  heartbeat(id: string, options?: CallOptions): Promise<Approval>;
  get(id: string, options?: CallOptions): Promise<Approval>;
  list(query?: ApprovalQuery, options?: CallOptions): Promise<Page<Approval>>;
  /** Resolves with the approval once it has ended, or as it stands (pending) after `timeout`. */
  wait(id: string, options?: WaitOptions): Promise<Approval>;
}
