import type { Viewer } from "../viewer.ts";
import type { Stage } from "./stage.ts";

/** Reviewers who were added to a stage, or taken from it. */
export type ReviewerChange = {
  users: string[];
  groups: string[];
  /** Every reviewer: a stage that names none is open to all. */
  everyone?: true;
};

/** Reviewers that a stage has and did not have before. */
export function reviewersAdded(from: Stage, to: Stage): ReviewerChange {
  const opened = isOpen(to) && !isOpen(from);
  return {
    users: to.users.filter((user) => !from.users.includes(user)),
    groups: to.groups.filter((group) => !from.groups.includes(group)),
    ...(opened && { everyone: true as const }),
  };
}

/** Both together; undefined when that is nobody. */
export function bothOf(one: ReviewerChange | undefined, other: ReviewerChange): ReviewerChange | undefined {
  const users = [...new Set([...(one?.users ?? []), ...other.users])];
  const groups = [...new Set([...(one?.groups ?? []), ...other.groups])];
  const everyone = one?.everyone ?? other.everyone;
  if (users.length + groups.length === 0 && !everyone) return undefined;
  return { users, groups, ...(everyone && { everyone }) };
}

/** Whether a viewer is one of these reviewers. */
export function isAmong({ users, groups, everyone }: ReviewerChange, viewer: Viewer): boolean {
  return everyone === true || users.includes(viewer.id) || groups.some((group) => viewer.groups.includes(group));
}

/** Whether it names nobody, so that every reviewer may decide. */
export function isOpen({ users, groups }: Pick<Stage, "users" | "groups">): boolean {
  return users.length === 0 && groups.length === 0;
}
