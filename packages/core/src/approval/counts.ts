import type { Viewer } from "../viewer.ts";
import type { Approval, Risk } from "./approval.ts";
import { awaits, canSee } from "./reviewable.ts";

/** Badge counts for one viewer. */
export interface Counts {
  /** Pending approvals that the viewer can see. */
  pending: number;
  /** Pending approvals that the viewer's own response can move on. */
  mine: number;
  /** Those of `pending` by risk. */
  byRisk: Record<Risk, number>;
}

/** Counts a viewer's badges over approvals in memory. */
export function countsOf(approvals: Iterable<Approval>, viewer: Viewer): Counts {
  const counts: Counts = { pending: 0, mine: 0, byRisk: { low: 0, medium: 0, high: 0, critical: 0 } };
  for (const approval of approvals) {
    if (approval.status !== "pending" || !canSee(approval, viewer)) continue;
    counts.pending++;
    counts.byRisk[approval.risk]++;
    if (awaits(approval, viewer)) counts.mine++;
  }
  return counts;
}
