import * as z from "zod";
import { HoldpointError } from "../error.ts";
import { phrase, type ShapeOf } from "../json/field.ts";
import type { Viewer } from "../viewer.ts";
import { type Act, personOf } from "./act.ts";
import type { Approval } from "./approval.ts";
import { approvalEvent } from "./approval-events.ts";
import { maxComment } from "./decision.ts";
import { changed } from "./transition.ts";

/** What commenting takes. */
export interface CommentInput {
  /** At most 4,000 characters. */
  text: string;
}

/** Wire form of {@link CommentInput}. */
export const commentInputSchema: z.ZodType<CommentInput> = z.strictObject({
  text: phrase(maxComment),
} satisfies ShapeOf<CommentInput>);

/**
 * Adds a comment that decides nothing, before the end or after it. Its text is in the approval's history; the approval
 * itself counts them. Whether the viewer can see the approval is the caller's to check.
 *
 * @throws {HoldpointError} `forbidden` for auditors, who read only
 */
export function applyComment(approval: Approval, { text }: CommentInput, viewer: Viewer, now: string): Act {
  if (viewer.role === "auditor") throw new HoldpointError("forbidden", "An auditor reads only.");
  const commented = changed(approval, now, { commentCount: (approval.commentCount ?? 0) + 1 });
  return { approval: commented, events: [approvalEvent("approval.commented", commented, { text }, personOf(viewer))] };
}
