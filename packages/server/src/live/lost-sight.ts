import type { Approval, EventType, Gone, Json, ReviewerChange } from "@holdpoint/core";
import { reviewerSubjects } from "../store/audience.ts";
import { streamsFor } from "./streams.ts";

/** Streams that may have lost sight of an approval: those of the reviewers that an event says were taken from it. */
export function lostBy({ type, data }: { type: EventType; data: Json }): string[] {
  if (type !== "approval.reassigned" && type !== "approval.escalated") return [];
  const { removed } = data as { removed?: ReviewerChange };
  return removed ? reviewerSubjects(removed) : [];
}

/** An approval, and streams that carry it no longer. */
export interface LostSight {
  gone: Gone;
  streams: readonly string[];
}

/** What a stretch of the log took out of sight, given the approvals that it concerns as they stand. */
export function lostSight(
  entries: readonly { approvalId?: string; seq: number; lost?: readonly string[] }[],
  approvals: ReadonlyMap<string, Approval>,
): LostSight[] {
  const byApproval = Map.groupBy(
    entries.filter(({ lost }) => lost && lost.length > 0),
    ({ approvalId }) => approvalId,
  );
  return [...byApproval].flatMap(([id = "", losses]) => {
    const approval = approvals.get(id);
    if (!approval) return [];
    const carried = new Set(streamsFor(approval));
    const streams = new Set(losses.flatMap(({ lost = [] }) => lost).filter((stream) => !carried.has(stream)));
    const seq = losses.at(-1)?.seq ?? 0;
    return streams.size > 0
      ? [{ gone: { seq, approvalId: id, version: approval.version }, streams: [...streams] }]
      : [];
  });
}
