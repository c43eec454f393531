import { type Approval, countedDecisions, type Decision, type Stage } from "@holdpoint/core";

/** How far one stage is. */
export interface StageProgress {
  stage: Stage;
  standing: "done" | "current" | "next";
  /** Counted approvals, oldest first. */
  approvals: Decision[];
  /** How many are needed; undefined when that depends on who is in a group. */
  needed?: number;
}

/** The stages of an approval in order. None when a single yes from anyone asked is all it takes. */
export function stageProgress(approval: Approval): StageProgress[] {
  const { stages } = approval;
  const only = stages[0];
  if (!only || (stages.length === 1 && only.quorum === 1 && !only.name)) return [];
  return stages.map((stage, index) => ({
    stage,
    standing: standingOf(approval, index),
    approvals: countedDecisions(approval, index),
    needed: neededOf(stage),
  }));
}

function standingOf(approval: Approval, index: number): StageProgress["standing"] {
  if (approval.status === "approved" || index < approval.stage) return "done";
  return index === approval.stage ? "current" : "next";
}

function neededOf({ quorum, users, groups }: Stage): number | undefined {
  if (quorum !== "all") return quorum;
  return groups.length === 0 ? users.length : undefined;
}
