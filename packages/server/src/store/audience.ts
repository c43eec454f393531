import type { Approval, ReviewerChange, Viewer } from "@holdpoint/core";
import type { AudiencePart } from "./tables.ts";

/** Subjects with a part in an approval. */
export type Audience = ReadonlyMap<string, AudiencePart>;

const everyReviewer = "*";
const user = (id: string) => `user:${id}`;
const group = (name: string) => `group:${name}`;
const owner = (id: string) => `owner:${id}`;
const decider = (id: string) => `decider:${id}`;

/**
 * Who has a part in an approval: the reviewers of all stages, those of the current one with the right to decide, less
 * those who have had their say and those who asked for it; former reviewers may look. Once it has ended, all may look
 * only.
 */
export function audienceOf(approval: Approval): Audience {
  const pending = approval.status === "pending";
  const audience = new Map<string, AudiencePart>();
  for (const [i, subjects] of stageSubjects(approval).entries()) {
    for (const subject of subjects) {
      if (pending && i === approval.stage) audience.set(subject, "decide");
      else if (!audience.has(subject)) audience.set(subject, "look");
    }
  }
  for (const subject of approval.formerReviewers ? reviewerSubjects(approval.formerReviewers) : []) {
    if (!audience.has(subject)) audience.set(subject, "look");
  }
  for (const id of [approval.requestedBy?.id, approval.ownerId]) {
    if (id !== undefined) audience.set(owner(id), pending && !approval.selfApproval ? "barred" : "look");
  }
  if (pending) for (const id of decidersOf(approval)) audience.set(decider(id), "barred");
  return audience;
}

/** What a viewer may see: everything of the tenant, or what has one of these subjects in its audience. */
export type Visibility = "all" | { subjects: string[] };

export function visibilityOf(viewer: Viewer): Visibility {
  switch (viewer.role) {
    case "admin":
    case "auditor":
      return "all";
    case "reviewer":
      return { subjects: [everyReviewer, user(viewer.id), ...viewer.groups.map(group), owner(viewer.id)] };
    case "requester":
      return { subjects: [owner(viewer.id)] };
  }
}

/** Whether there are approvals that a viewer of this role may decide. */
export function mayDecide({ role }: Viewer): boolean {
  return role === "admin" || role === "reviewer";
}

/** Under which subjects a viewer can be barred from deciding. */
export function barringSubjects(viewer: Viewer): string[] {
  return [owner(viewer.id), decider(viewer.id)];
}

/** Subjects of each stage; no stages at all means that any reviewer may decide. */
function stageSubjects(approval: Approval): string[][] {
  if (approval.stages.length === 0) return [[everyReviewer]];
  return approval.stages.map(({ users, groups }) => {
    const named = [...users.map(user), ...groups.map(group)];
    return named.length > 0 ? named : [everyReviewer];
  });
}

/** Subjects of reviewers who came or went. */
export function reviewerSubjects({ users, groups, everyone }: ReviewerChange): string[] {
  return [...users.map(user), ...groups.map(group), ...(everyone ? [everyReviewer] : [])];
}

/** Those whose decision counts in the current stage and revision. */
function decidersOf({ decisions, stage, revision }: Approval): string[] {
  return decisions
    .filter((decision) => decision.stage === stage && decision.revision === revision)
    .map((decision) => decision.by.id);
}
