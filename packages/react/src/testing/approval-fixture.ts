import {
  type Approval,
  type ApprovalRequest,
  applyCancel,
  applyClaim,
  applyDecision,
  applyDue,
  type ClaimInput,
  createApproval,
  createIds,
  type DecisionInput,
  type Duration,
  durationMs,
  type NewId,
  nextDueAt,
  sha256Hex,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import { people } from "./people.ts";

/** The moment at which fixtures are shown, ms since the epoch: give it to a look's `now`. */
export const fixtureNow: number = Date.parse("2026-11-20T14:07:00.000Z");

/** A response that a fixture has been given. */
export interface FixtureDecision extends Omit<DecisionInput, "digest"> {
  by: Viewer;
  /** How long ago; default `1m`. */
  ago?: Duration;
}

/** A claim that has been made on a fixture. */
export interface FixtureClaim extends ClaimInput {
  by: Viewer;
  /** How long ago; default `1m`. */
  ago?: Duration;
}

/** What has happened to a fixture since it was requested. */
export interface FixtureHistory {
  /**
   * How long ago it was requested; default `2m`. What the request's `ladder` and `timeout` bring in that time has come.
   */
  age?: Duration;
  /** Responses in order, through the same rules as real ones. */
  decisions?: readonly FixtureDecision[];
  /** Who has claimed it, after the responses. */
  claim?: FixtureClaim;
  /** Whether it has been withdrawn. */
  cancelled?: boolean;
}

/** Why withdrawn fixtures were withdrawn. */
export const cancelReason = "The run was cancelled.";

/** Age of a fixture that doesn't say. */
export const defaultAge: Duration = "2m";

/**
 * An approval for stories and tests, made and decided by the rules of the real ones. The same request and history give
 * the same approval, id included.
 *
 * @throws {HoldpointError} what a server would say to such a request or decision
 */
export function approvalFixture(request: ApprovalRequest, history: FixtureHistory = {}): Approval {
  const { age = defaultAge, decisions = [], claim, cancelled = false } = history;
  const newId = idsFor(request, momentAgo(age));
  const { id: ownerId, tenantId } = people.agent;
  const requested = createApproval(request, { id: newId("apr"), tenantId, now: isoAgo(age), ownerId });
  const answered = decisions.reduce((now, decision) => decided(now, decision, newId("dec")), requested);
  const approval = claim ? claimed(answered, claim) : answered;
  const now = new Date(fixtureNow).toISOString();
  if (cancelled) return applyCancel(approval, { now, by: people.agent, reason: cancelReason });
  return grown(approval, now);
}

/** What time has made of an approval, each thing when it was due. */
function grown(approval: Approval, until: string): Approval {
  const due = nextDueAt(approval);
  if (due === undefined || due > until) return approval;
  const [next] = applyDue(approval, due);
  return next ? grown(next, until) : approval;
}

/** A moment before {@link fixtureNow}, ms since the epoch. */
export function momentAgo(age: Duration): number {
  return fixtureNow - durationMs(age);
}

function isoAgo(age: Duration): string {
  return new Date(momentAgo(age)).toISOString();
}

function decided(approval: Approval, { by, ago = "1m", ...response }: FixtureDecision, id: string): Approval {
  const now = isoAgo(ago);
  const seen = grown(approval, now);
  const input = { ...response, digest: seen.digest };
  return applyDecision(seen, toDecision({ approval: seen, input, viewer: by, id, now, via: "ui" }), by);
}

function claimed(approval: Approval, { by, ago = "1m", ...input }: FixtureClaim): Approval {
  const now = isoAgo(ago);
  return applyClaim(grown(approval, now), input, by, now).approval;
}

/** Ids that follow from the title and the time. */
function idsFor({ title }: ApprovalRequest, createdAt: number): NewId {
  const bytes = (sha256Hex(title).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  let drawn = 0;
  const random = () => (bytes[drawn++ % bytes.length] ?? 0) / 256;
  return createIds({ now: () => createdAt, random });
}
