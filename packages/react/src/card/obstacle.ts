import { type Approval, type DecisionInput, sameJson } from "@holdpoint/core";

/** What kept a response from being submitted; a new object for each try. */
export interface Obstacle {
  reason: "expand" | "comment" | "unchanged";
  /** Parts of the content that are still folded. */
  folded: number;
}

/**
 * What is in the way of a response. Yes to something risky takes having seen it whole, and for critical things a word of
 * why; an edit has to change something. No is always possible.
 */
export function obstacleTo(approval: Approval, response: DecisionInput, folded: number): Obstacle | undefined {
  if (response.type === "reject" || response.type === "answer") return undefined;
  if (response.type === "edit" && sameJson(response.args, approval.action?.args))
    return { reason: "unchanged", folded };
  const risky = approval.risk === "high" || approval.risk === "critical";
  if (risky && folded > 0) return { reason: "expand", folded };
  return approval.risk === "critical" && !response.comment ? { reason: "comment", folded } : undefined;
}
