import type { Page } from "../wire/page.ts";
import type { Approval } from "./approval.ts";
import type { ApprovalQuery } from "./approval-query.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import type { ClaimInput } from "./claim.ts";
import type { CommentInput } from "./comment.ts";
import type { ConsumeInput } from "./consume.ts";
import type { CancelInput, DecisionSource, RespondInput } from "./decision.ts";
import type { ReassignInput } from "./reassign.ts";

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

/** How the right to execute is used up. */
export interface ConsumeOptions extends CallOptions {
  /**
   * Repeating the call with the same key gives the approval again instead of `already_consumed`: what to do when the
   * answer was lost, or the process died between the answer and the execution. Use one key per execution.
   */
  idempotencyKey?: string;
}

/** Seconds for which one waits unless one says otherwise. */
export const defaultWaitSeconds = 30;

/** How long to wait for an outcome. */
export interface WaitOptions extends CallOptions {
  /** Seconds, 0 to 60; default {@link defaultWaitSeconds}. */
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

/** What can be done to an approval besides deciding it. Every method acts for one viewer and gives the approval as it then stands. */
export interface ApprovalActions {
  /** Gives the current stage other reviewers: an admin all of them, a reviewer whose turn it is their own place. */
  reassign(id: string, input: ReassignInput, options?: CallOptions): Promise<Approval>;
  /** Claims the approval: shows others that the viewer is working on it; they can still decide. */
  claim(id: string, input?: ClaimInput, options?: CallOptions): Promise<Approval>;
  /** Gives a claim up. */
  release(id: string, options?: CallOptions): Promise<Approval>;
  /** Comments without deciding. */
  comment(id: string, input: CommentInput, options?: CallOptions): Promise<Approval>;
  /** Uses up the right to execute what was approved, which there is once. */
  consume(id: string, input: ConsumeInput, options?: ConsumeOptions): Promise<Approval>;
}
