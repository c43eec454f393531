import type { Approval } from "./approval.ts";
import type { LadderRung } from "./ladder-rung.ts";
import { isBarredFromOwn } from "./quorum.ts";
import type { Stage } from "./stage.ts";

/** What has to be known of an approval to tell who may decide it. */
type Asked = Pick<Approval, "requestedBy" | "ownerId" | "selfApproval" | "stages" | "ladder">;

/** A stage that those who are listed can't satisfy, and what to do about it. */
export interface UnreachableQuorum {
  /** Its index. */
  stage: number;
  message: string;
}

/**
 * Stages that need several people, of whom too few may decide because whoever asked is among them. Those with groups are
 * left out, as only the host knows who is in them, and so is all that the ladder may ask others about. Where one is
 * enough, or all who may, nothing is wrong: an admin can be that one.
 */
export function unreachableQuorums(asked: Asked): UnreachableQuorum[] {
  if (asked.ladder.some((rung) => bringsOthers(asked, rung))) return [];
  return asked.stages.flatMap((one, stage) => {
    const message = quorumProblem(asked, one);
    return message === undefined ? [] : [{ stage, message }];
  });
}

function quorumProblem(asked: Asked, { users, groups, quorum }: Stage): string | undefined {
  const barred = users.filter((user) => isBarredFromOwn(asked, user));
  const eligible = users.length - barred.length;
  const mayBeReached = barred.length === 0 || groups.length > 0 || quorum === "all" || quorum === 1;
  if (mayBeReached || eligible >= quorum) return undefined;
  const who = barred.map((user) => `"${user}"`).join(" and ");
  return `can't be reached: ${who} asked for this and may not decide it; list others, ask fewer or set selfApproval`;
}

function bringsOthers(asked: Asked, rung: LadderRung): boolean {
  if (!("escalate" in rung)) return false;
  const { users = [], groups = [] } = rung.escalate;
  return groups.length > 0 || users.some((user) => !isBarredFromOwn(asked, user));
}
