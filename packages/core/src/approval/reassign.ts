import * as z from "zod";
import { HoldpointError } from "../error.ts";
import { type ShapeOf, text } from "../json/field.ts";
import { invalidRequest } from "../json/field-error.ts";
import type { Viewer } from "../viewer.ts";
import { type Act, personOf } from "./act.ts";
import type { Approval } from "./approval.ts";
import { sameJson } from "./approval-digest.ts";
import { approvalEvent } from "./approval-events.ts";
import type { Reviewers } from "./approval-request.ts";
import { maxComment } from "./decision.ts";
import { countedDecisions, type GroupMembers, groupsToResolve, isBarredFromOwn, stageAt } from "./quorum.ts";
import { assertPending, hasApproved, refusal, reviewable } from "./reviewable.ts";
import { bothOf, reviewersAdded } from "./reviewer-change.ts";
import { type Stage, stageShape } from "./stage.ts";
import { resettled, settled, unclaimed } from "./transition.ts";

/** Who is to decide instead. */
export interface ReassignInput extends Pick<Reviewers, "users" | "groups"> {
  /** Why; kept in the history. */
  comment?: string;
}

/** Wire form of {@link ReassignInput}. */
export const reassignInputSchema: z.ZodType<ReassignInput> = z
  .strictObject({
    users: stageShape.users.optional(),
    groups: stageShape.groups.optional(),
    comment: text(maxComment).optional(),
  } satisfies ShapeOf<ReassignInput>)
  .refine(({ users, groups }) => users?.length || groups?.length, {
    path: ["users"],
    error: "must name users or groups",
  });

/** Reviewers of one stage at most. */
const mostUsers = 200;

/**
 * Gives the current stage other reviewers. Its quorum and the approvals that count in it stay. Those who have decided may
 * still look; for the others it isn't there any more.
 *
 * - An admin replaces all of its reviewers.
 * - A reviewer whose turn it is hands over their own place and loses it. Where one approval is enough, to whom they like:
 *   they could have decided alone. That takes the place of the groups, too, through which it was theirs. Where more are
 *   needed they must be named themselves, and one other person comes in their place, so that nobody gains a second voice
 *   and no voice is lost; what reaches them through a group is not theirs alone to give away.
 *
 * Nobody who asked for it can be named, unless `selfApproval`: they could not decide it. Nor can they end a stage by
 * leaving only those in it who have approved. Naming those who are asked already looks again whether all of a group have
 * approved.
 *
 * @throws {HoldpointError} `already_resolved`; `forbidden` where the place can't be handed over; `invalid_request` when
 *   the quorum could not be reached; `self_approval` naming those who asked, or to them; as `reviewable` refuses those
 *   whose turn it isn't
 */
export function applyReassign(
  approval: Approval,
  input: ReassignInput,
  viewer: Viewer,
  { now, groupMembers }: { now: string; groupMembers?: GroupMembers },
): Act {
  const before = stageAt(approval, approval.stage);
  const stage = stageAfter(approval, input, viewer);
  const isSame = sameJson(before, stage);
  const reassigned = isSame
    ? resettled(approval, now, groupMembers)
    : settled(withStage(approval, stage, now), now, groupMembers);
  const isOver = reassigned.status !== "pending" || reassigned.stage !== approval.stage;
  if (isOver && isBarredFromOwn(approval, viewer.id)) {
    const message = "This is your own request; leave it to somebody who has yet to approve it.";
    throw new HoldpointError("self_approval", message);
  }
  if (isSame) return { approval: reassigned, events: [] };
  const [added, removed] = [reviewersAdded(before, stage), reviewersAdded(stage, before)];
  const data = { stage: approval.stage, added, removed, comment: input.comment };
  return { approval: reassigned, events: [approvalEvent("approval.reassigned", reassigned, data, personOf(viewer))] };
}

/**
 * Groups whose members {@link applyReassign} has to know: those that say whether the approvals that are there suffice for
 * the new reviewers.
 *
 * @throws {HoldpointError} as {@link applyReassign}
 */
export function groupsToReassign(approval: Approval, input: ReassignInput, viewer: Viewer): string[] {
  const stage = stageAfter(approval, input, viewer);
  if (countedDecisions(approval, approval.stage).length === 0) return [];
  return groupsToResolve({ ...approval, stages: approval.stages.toSpliced(approval.stage, 1, stage) }, "approve");
}

function stageAfter(approval: Approval, input: ReassignInput, viewer: Viewer): Stage {
  assertPending(approval);
  const to = { users: distinct(input.users), groups: distinct(input.groups) };
  const before = stageAt(approval, approval.stage);
  const stage = viewer.role === "admin" ? { ...before, ...to } : handedOver(approval, viewer, to);
  assertUsable(approval, stage, to.users);
  return stage;
}

function withStage(approval: Approval, stage: Stage, now: string): Approval {
  const stages = approval.stages.toSpliced(approval.stage, 1, stage);
  const formerReviewers = bothOf(approval.formerReviewers, { users: decidersOutside(approval, stage), groups: [] });
  return { ...approval, ...unclaimed, stages, reassignedAt: now, formerReviewers };
}

/** People who have decided in the current stage and whom it doesn't name from now on. */
function decidersOutside({ decisions, stage: current }: Approval, { users }: Stage): string[] {
  const deciders = decisions.filter(({ stage }) => stage === current).map(({ by }) => by.id);
  return deciders.filter((id) => !users.includes(id));
}

/** The stage with others in the viewer's place. */
function handedOver(approval: Approval, viewer: Viewer, to: Pick<Stage, "users" | "groups">): Stage {
  const allowed = reviewable(approval, viewer);
  if (!allowed.ok) throw refusal(approval, allowed);
  if (hasApproved(approval, viewer.id)) {
    throw new HoldpointError("forbidden", "You have approved this already; only an admin can reassign it now.");
  }
  const stage = stageAt(approval, approval.stage);
  const users = stage.users.filter((user) => user !== viewer.id);
  const groups = stage.groups.filter((group) => !viewer.groups.includes(group));
  if (stage.quorum !== 1) assertOneForOne(stage, viewer, to);
  return { ...stage, users: distinct([...users, ...to.users]), groups: distinct([...groups, ...to.groups]) };
}

/** Where several have to approve, handing over must leave as many voices as there were. */
function assertOneForOne(stage: Stage, viewer: Viewer, to: Pick<Stage, "users" | "groups">): void {
  const viaGroup = stage.groups.some((group) => viewer.groups.includes(group));
  const unclear = stage.quorum === "all" && stage.groups.length > 0;
  if (!stage.users.includes(viewer.id) || viaGroup || unclear) {
    throw new HoldpointError("forbidden", "This needs several people, and your place is your group's; ask an admin.");
  }
  const [user] = to.users;
  if (to.users.length !== 1 || to.groups.length > 0 || user === undefined || stage.users.includes(user)) {
    const message = "must name one person who isn't among the reviewers yet: several people have to approve this";
    throw invalidRequest([{ pointer: "/users", message }]);
  }
}

function assertUsable(approval: Approval, { users, groups, quorum }: Stage, named: string[]): void {
  const barred = named.find((user) => isBarredFromOwn(approval, user));
  if (barred !== undefined) {
    const details = [{ pointer: `/users/${named.indexOf(barred)}`, message: "asked for this and can't decide it" }];
    throw new HoldpointError(
      "self_approval",
      `${barred} asked for this and can't decide it; name somebody else.`,
      details,
    );
  }
  const voices = new Set([...users, ...countedDecisions(approval, approval.stage).map(({ by }) => by.id)]);
  if (quorum !== "all" && groups.length === 0 && voices.size < quorum) {
    throw invalidRequest([{ pointer: "/users", message: `must name enough people for the quorum of ${quorum}` }]);
  }
  if (users.length > mostUsers) {
    throw invalidRequest([{ pointer: "/users", message: `must not make more than ${mostUsers} reviewers` }]);
  }
}

function distinct(names: string[] = []): string[] {
  return [...new Set(names)];
}
