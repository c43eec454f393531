import {
  type Approval,
  countedDecisions,
  type DecisionType,
  type ErrorCode,
  reviewable,
  type Viewer,
} from "@holdpoint/core";

/** What a viewer can do with an approval now. */
export interface Ability {
  allow: DecisionType[];
  /** Whether the viewer has approved and others still have to. */
  waiting: boolean;
  /** Why the viewer can do nothing. */
  blocked?: { code: ErrorCode; message: string };
}

/** What `viewer` can do; an unknown viewer may try everything that the approval allows, and the server decides. */
export function abilityOf(approval: Approval, viewer: Viewer | undefined): Ability {
  if (approval.status !== "pending") return { allow: [], waiting: false };
  if (!viewer) return { allow: approval.allow, waiting: false };
  const verdict = reviewable(approval, viewer);
  const waiting = isCounted(approval, viewer);
  if (verdict.ok) return { allow: verdict.allow, waiting };
  return waiting
    ? { allow: [], waiting }
    : { allow: [], waiting, blocked: { code: verdict.code, message: verdict.message } };
}

/** Whether an approval of this viewer counts: for the current stage or, after an edit, for a later one. */
function isCounted(approval: Approval, { id }: Viewer): boolean {
  const stages = Math.max(1, approval.stages.length);
  const ahead = Array.from({ length: stages - approval.stage }, (_, i) => approval.stage + i);
  return ahead.some((stage) => countedDecisions(approval, stage).some((decision) => decision.by.id === id));
}
