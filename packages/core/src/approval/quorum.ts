import type { Person } from "../viewer.ts";
import type { Approval } from "./approval.ts";
import type { Decision, DecisionType } from "./decision.ts";
import type { Stage } from "./stage.ts";

/**
 * The members of groups, as the host's `groupMembers` gives them when a decision is made: whom "all" waits for. Whether
 * somebody may decide, `Viewer.groups` decides.
 */
export type GroupMembers = Readonly<Record<string, readonly string[]>>;

/** One yes from anyone with the reviewer role. */
const openStage: Stage = { users: [], groups: [], quorum: 1 };

/** A stage of an approval; the open one when none were requested. */
export function stageAt(approval: Approval, index: number): Stage {
  return approval.stages[index] ?? openStage;
}

/** How many stages have to be satisfied. */
export function stageCount(approval: Approval): number {
  return Math.max(1, approval.stages.length);
}

/** The decisions that count towards a stage: one per person, on what is shown now. */
export function countedDecisions(approval: Approval, stage: number): Decision[] {
  const yes = approval.decisions.filter(
    (d) => d.stage === stage && d.revision === approval.revision && (d.type === "approve" || d.type === "edit"),
  );
  return yes.filter((decision, i) => yes.findIndex((other) => other.by.id === decision.by.id) === i);
}

/** Whether a stage has the approvals that it needs. */
export function isSatisfied(approval: Approval, index: number, groupMembers: GroupMembers = {}): boolean {
  const stage = stageAt(approval, index);
  const counted = countedDecisions(approval, index);
  if (counted.length === 0) return false;
  if (stage.quorum !== "all") return counted.length >= stage.quorum;
  const approved = new Set(counted.map((decision) => decision.by.id));
  return (
    required(approval, stage, groupMembers).every((id) => approved.has(id)) &&
    stage.groups.every(
      (group) => membersOf(group, groupMembers).length > 0 || counted.some((d) => d.groups?.includes(group)),
    )
  );
}

/**
 * Groups whose members have to be known to count a decision of this type: those of the stages that need "all" and that
 * the decision can complete. The others are not worth asking the host for.
 */
export function groupsToResolve(approval: Approval, type: DecisionType): string[] {
  if (type !== "approve" && type !== "edit") return [];
  const groups = approval.stages.flatMap(({ quorum, groups }, i) => {
    const reached = i === approval.stage || countedDecisions(approval, i).length > 0;
    return quorum === "all" && reached ? groups : [];
  });
  return [...new Set(groups)];
}

/** The people behind the approvals that made up the outcome. */
export function approvers(approval: Approval): Person[] {
  const all = Array.from({ length: stageCount(approval) }, (_, stage) => countedDecisions(approval, stage)).flat();
  return all.map((decision) => decision.by).filter((by, i, people) => people.findIndex((p) => p.id === by.id) === i);
}

/** Whose an approval is. */
type Ownership = Pick<Approval, "requestedBy" | "ownerId" | "selfApproval">;

/** Whether this person asked, or owns the run that asked, and so may not decide. */
export function isBarredFromOwn(approval: Ownership, personId: string): boolean {
  return !approval.selfApproval && isOwn(approval, personId);
}

/** Whether this person asked, or owns the run that asked. */
export function isOwn(approval: Omit<Ownership, "selfApproval">, personId: string): boolean {
  return approval.requestedBy?.id === personId || approval.ownerId === personId;
}

/** Everyone whom "all" means: those listed and the known members of the groups, without those who may not decide. */
function required(approval: Approval, stage: Stage, groupMembers: GroupMembers): string[] {
  const members = stage.groups.flatMap((group) => membersOf(group, groupMembers));
  return [...stage.users, ...members].filter((id) => !isBarredFromOwn(approval, id));
}

/** Nobody for a group that the host doesn't know, or knows nobody of: then somebody who says so has to stand for it. */
export function membersOf(group: string, groupMembers: GroupMembers): readonly string[] {
  return Object.hasOwn(groupMembers, group) ? (groupMembers[group] ?? []) : [];
}
