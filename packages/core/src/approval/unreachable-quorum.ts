import type { Approval } from "./approval.ts";
import type { LadderRung } from "./ladder-rung.ts";
import { isBarredFromOwn } from "./quorum.ts";
import type { Stage } from "./stage.ts";

/** What has to be known of an approval to tell who may decide it. */
type Asked = Pick<Approval, "requestedBy" | "ownerId" | "selfApproval" | "stages" | "ladder">;

/** A stage that those who are listed can't satisfy, or a rung that leaves it to such, and what to do about it. */
export type UnreachableQuorum = ({ stage: number } | { rung: number }) & { message: string };

/**
 * Stages that need several people, of whom too few may decide because whoever asked is among them. Those with groups are
 * left out, as only the host knows who is in them, and so is all that the ladder may ask others about. Where one is
 * enough, or all who may, nothing is wrong: an admin can be that one.
 *
 * And rungs whose people take the place of reviewers and are too few likewise, of whom one at least has to be able to
 * decide: a ladder isn't there to leave it to the admins.
 */
export function unreachableQuorums(asked: Asked): UnreachableQuorum[] {
  return [...unreachableStages(asked), ...unreachableRungs(asked)];
}

function unreachableStages(asked: Asked): UnreachableQuorum[] {
  if (asked.ladder.some((rung) => bringsOthers(asked, rung))) return [];
  return asked.stages.flatMap((one, stage) => {
    const message = quorumProblem(asked, one);
    return message === undefined ? [] : [{ stage, message }];
  });
}

function unreachableRungs(asked: Asked): UnreachableQuorum[] {
  const quorums = asked.stages.map(({ quorum }) => (quorum === "all" ? 1 : quorum));
  const needed = Math.max(1, ...quorums);
  return asked.ladder.flatMap((one, rung) => {
    if (!("escalate" in one) || !one.escalate.replace || one.escalate.groups?.length) return [];
    const [users, barred] = usersOf(asked, one.escalate.users);
    if (users.length - barred.length >= needed) return [];
    const message = `leaves it to too few who may decide it: ${named(barred)} asked for this; name others or set selfApproval`;
    return [{ rung, message }];
  });
}

function quorumProblem(asked: Asked, { users, groups, quorum }: Stage): string | undefined {
  const [, barred] = usersOf(asked, users);
  const eligible = users.length - barred.length;
  const mayBeReached = barred.length === 0 || groups.length > 0 || quorum === "all" || quorum === 1;
  if (mayBeReached || eligible >= quorum) return undefined;
  return `can't be reached: ${named(barred)} asked for this and may not decide it; list others, ask fewer or set selfApproval`;
}

function bringsOthers(asked: Asked, rung: LadderRung): boolean {
  if (!("escalate" in rung)) return false;
  const { users = [], groups = [] } = rung.escalate;
  return groups.length > 0 || users.some((user) => !isBarredFromOwn(asked, user));
}

/** Different people, and those of them who may not decide. */
function usersOf(asked: Asked, users: readonly string[] = []): [all: string[], barred: string[]] {
  const all = [...new Set(users)];
  return [all, all.filter((user) => isBarredFromOwn(asked, user))];
}

function named(users: readonly string[]): string {
  return users.map((user) => `"${user}"`).join(" and ");
}
