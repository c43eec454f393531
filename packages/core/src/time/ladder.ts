import type { Approval } from "../approval/approval.ts";
import type { LadderRung } from "../approval/ladder-rung.ts";
import { applyLeaseEnd } from "../approval/lease.ts";
import { applyEscalation, applyTimeout } from "../approval/lifecycle.ts";
import { countedDecisions, type GroupMembers } from "../approval/quorum.ts";
import { changed } from "../approval/transition.ts";
import { type Duration, durationMs, isDuration } from "./duration.ts";

/** What time brings, besides the time itself. */
export interface DueFacts {
  /** `"unavailable"` while nobody can say: then rungs that depend on it wait, and the end of the approval doesn't. */
  groupMembers?: GroupMembers | "unavailable";
  /**
   * Since when heartbeats could arrive without a break, ISO 8601; default always. A lease ends only after they could for
   * the whole of it, so that nobody loses an approval because the server was down.
   */
  upSince?: string;
}

/** When a rung of an approval's ladder is due, ISO 8601. */
export function rungDueAt({ createdAt }: Pick<Approval, "createdAt">, { at, after }: LadderRung): string {
  return at ?? new Date(Date.parse(createdAt) + durationMs(after)).toISOString();
}

/**
 * Rungs from several places as one ladder that can be asked for: in the order of time, before the timeout, and of those
 * at one time either the reminder or an escalation that asks everybody whom they ask.
 */
export function mergedLadder(rungs: readonly LadderRung[], timeout?: Duration): LadderRung[] {
  const end = timeout !== undefined && isDuration(timeout) ? durationMs(timeout) : Number.POSITIVE_INFINITY;
  const byTime = new Map<number, LadderRung>();
  for (const { at: _at, ...rung } of rungs) {
    const after = durationMs(rung.after);
    const other = byTime.get(after);
    if (after < end) byTime.set(after, other ? mergedRung(other, rung) : rung);
  }
  return [...byTime].toSorted(([a], [b]) => a - b).map(([, rung]) => rung);
}

function mergedRung(a: LadderRung, b: LadderRung): LadderRung {
  if (!("escalate" in a)) return b;
  if (!("escalate" in b)) return a;
  const both = (one: string[] = [], other: string[] = []) => [...new Set([...one, ...other])];
  const users = both(a.escalate.users, b.escalate.users);
  const groups = both(a.escalate.groups, b.escalate.groups);
  return { after: a.after, escalate: { ...b.escalate, ...a.escalate, users, groups } };
}

/** The rungs that are due by `now` and were not reached before, in order. */
export function dueRungs(approval: Approval, now: string): LadderRung[] {
  if (approval.status !== "pending") return [];
  const ahead = approval.ladder.slice(approval.rung ?? 0);
  const next = ahead.findIndex((rung) => !isBy(rungDueAt(approval, rung), now));
  return next === -1 ? ahead : ahead.slice(0, next);
}

/** The rung that lies between two states of an approval. */
export function rungReached(before: Approval, after: Approval): LadderRung | undefined {
  return after.rung === before.rung ? undefined : after.ladder[(after.rung ?? 0) - 1];
}

/** Groups whose members have to be known for {@link applyDue}: those that alone are left to make up a quorum of all. */
export function groupsToEscalate(approval: Approval, now: string): string[] {
  return [...new Set(dueRungs(approval, now).flatMap((rung) => groupsToCount(approval, rung)))];
}

/** A rung that replaces reviewers may leave a stage, and those behind it, with all the approvals that they need. */
function groupsToCount(approval: Approval, rung: LadderRung): string[] {
  if (!("escalate" in rung && rung.escalate.replace)) return [];
  const { groups: replacing = [] } = rung.escalate;
  return approval.stages.flatMap(({ quorum, groups }, stage) => {
    const counts = stage >= approval.stage && quorum === "all" && countedDecisions(approval, stage).length > 0;
    if (!counts) return [];
    return stage === approval.stage ? replacing : groups;
  });
}

/** When time brings the next thing: a rung, the timeout or the end of the lease; undefined when nothing will come. */
export function nextDueAt(approval: Approval): string | undefined {
  if (approval.status !== "pending") return undefined;
  return earliest(nextOnLadder(approval), approval.leaseUntil);
}

/**
 * What time has brought by `now`: the states that the approval went through, one after the other; none when nothing is
 * due. Escalations come in the order of the ladder and before the timeout. Of reminders that are due together only the
 * last is given, and none when the approval ends: people who were not told in time are told once, or not for nothing.
 * A rung that waits for the members of a group holds up those behind it, but never the end.
 */
export function applyDue(approval: Approval, now: string, facts: DueFacts = {}): Approval[] {
  const after = nextState(approval, now, facts);
  return after ? [after, ...applyDue(after, now, facts)] : [];
}

function nextState(approval: Approval, now: string, facts: DueFacts): Approval | undefined {
  if (approval.status !== "pending") return undefined;
  if (leaseEnds(approval, now)) return applyLeaseEnd(approval, now, facts.upSince);
  const rungs = dueRungs(approval, now);
  const ends = isBy(endsAt(approval), now);
  const lastReminder = ends ? -1 : rungs.findLastIndex((rung) => "remind" in rung);
  const index = rungs.findIndex((rung, i) => "escalate" in rung || i === lastReminder);
  const rung = rungs[index];
  const { groupMembers, upSince } = facts;
  if (!rung) return ends ? applyEnd(approval, now, upSince) : undefined;
  const reached = { ...approval, rung: (approval.rung ?? 0) + index + 1 };
  if ("remind" in rung) return changed(reached, now, {});
  if (groupMembers !== "unavailable") return applyEscalation(reached, rung.escalate, now, groupMembers);
  if (groupsToCount(approval, rung).length === 0) return applyEscalation(reached, rung.escalate, now);
  return ends ? applyEnd(approval, now, upSince) : undefined;
}

/** When an approval that nobody decides ends at the latest. */
function endsAt({ leaseUntil, deadlineAt }: Approval): string | undefined {
  return earliest(leaseUntil, deadlineAt);
}

function applyEnd(approval: Approval, now: string, upSince: string | undefined): Approval {
  return endsAt(approval) === approval.leaseUntil ? applyLeaseEnd(approval, now, upSince) : applyTimeout(approval, now);
}

/** Whether the lease is over and nothing else came first. */
function leaseEnds(approval: Approval, now: string): boolean {
  const { leaseUntil } = approval;
  return isBy(leaseUntil, now) && earliest(nextOnLadder(approval), leaseUntil) === leaseUntil;
}

function nextOnLadder(approval: Approval): string | undefined {
  const rung = approval.ladder[approval.rung ?? 0];
  return earliest(rung && rungDueAt(approval, rung), approval.deadlineAt);
}

function earliest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) < Date.parse(a) ? b : a;
}

function isBy(moment: string | undefined, now: string): boolean {
  return moment !== undefined && Date.parse(moment) <= Date.parse(now);
}
