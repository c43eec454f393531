import type { Outcome } from "../approval/decision.ts";
import { jsonProblem } from "../json/json.ts";

/** How an approval ended that closed its run. */
export type RunOutcome = Outcome & { approvalId: string };

/** The end of an approval that wasn't given, as {@link Review} has it. */
type NotApproved = Omit<Outcome, "approved" | "args"> & { approvalId: string; approved: false; args?: undefined };

/** The end of a question without an answer, as {@link Answered} has it. */
type NotAnswered = Omit<Outcome, "answer" | "status"> & {
  approvalId: string;
  status: "rejected" | "timed_out" | "cancelled";
  answer?: undefined;
};

/**
 * Thrown by a handler: its run goes no further and ends as the approval did: `rejected`, `timed_out` or `cancelled`, with
 * that outcome as `Run.outcome`. `Interrupt` and `sequence` throw it; any handler may:
 * `if (!review.approved) throw new NotApprovedError(review)`, and likewise for a question that nobody has answered.
 */
export class NotApprovedError extends Error {
  override readonly name = "NotApprovedError";
  readonly outcome: RunOutcome & { status: "rejected" | "timed_out" | "cancelled" };

  /** @throws {TypeError} for anything else than what `run.approval` or `run.question` gave */
  constructor(review: NotApproved | NotAnswered) {
    const { status, reason } = review;
    super(`Not approved (${status})${reason === undefined ? "." : `: ${reason}`}`);
    if (status === "approved" || status === "answered") throw new TypeError("The approval was given.");
    // A run that can't be stored as it ended would never end.
    if (!isReview(review)) throw new TypeError("NotApprovedError takes what run.approval or run.question has given.");
    this.outcome = { ...review, status };
  }
}

/** By hand: browsers load this, and are to load no schemas. */
function isReview(review: NotApproved | NotAnswered): boolean {
  const { approvalId, decidedBy, at } = review;
  return typeof approvalId === "string" && typeof at === "string" && Array.isArray(decidedBy) && !jsonProblem(review);
}
