import * as z from "zod";
import type { Approval } from "../approval/approval.ts";
import { type ContentBlock, contentBlockSchema } from "../approval/content-block.ts";
import { contentSummary, type SummaryField } from "../approval/content-summary.ts";
import type { Source } from "../approval/source.ts";
import { phrase, type ShapeOf, text } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import { withoutUndefined } from "../json/json.ts";
import { rungReached } from "../time/ladder.ts";
import { type Destination, destinationSchema, type Notify, notifyShape } from "./destination.ts";

/** Every {@link NotificationCause}. */
export const notificationCauses = [
  "requested",
  "stage_opened",
  "revised",
  "reminded",
  "escalated",
  "reassigned",
  "resolved",
  "notice",
] as const;

/**
 * Why people are told: something waits for them (`requested` to `reassigned`), it has ended (`resolved`), or a run has
 * something to say and waits for nobody (`notice`).
 */
export type NotificationCause = (typeof notificationCauses)[number];

/** Why people are notified of an approval. */
export type ApprovalCause = Exclude<NotificationCause, "notice">;

/** A button under a notification. It carries the approval's id and opens the way to a decision; it never decides by itself. */
export interface NotificationButton {
  type: "approve" | "reject";
  label: string;
  style: "primary" | "danger";
  approvalId: string;
}

/** What a channel says about an approval. */
export type NotifiedApproval = Pick<
  Approval,
  | "id"
  | "kind"
  | "title"
  | "message"
  | "action"
  | "labels"
  | "risk"
  | "tags"
  | "requestedBy"
  | "status"
  | "stage"
  | "digest"
  | "deadlineAt"
  | "outcome"
> & {
  /** Without `ref`, which may be what resumes the requester. */
  source?: Omit<Source, "ref">;
};

/** What a channel sends to people. Titles, messages and content may be an agent's words: show them as text. */
export interface Notification {
  /** Of its delivery: the same on every attempt, so that what received it twice can tell. */
  id: string;
  tenantId: string;
  cause: NotificationCause;
  /** Where to; absent when the channel was named and knows by itself. */
  destination?: Destination;
  /** When it was queued, ISO 8601. */
  at: string;
  title: string;
  message?: string;
  /** What it is about, as labelled plain text. */
  summary: SummaryField[];
  /** Absent from a notice. */
  approval?: NotifiedApproval;
  /** The run that a notice comes from. */
  run?: { id: string; workflow: string };
  /** The review page, where the host has said what its address is. */
  url?: string;
  /** Approve and reject, as far as they are possible now. */
  buttons: NotificationButton[];
  /** What the channel returned for earlier notifications of this approval, oldest first: messages to replace or answer. */
  refs: Json[];
}

/** What a channel may return of what it sent. */
export interface SentNotification {
  /** What it needs to find the message again; kept with the delivery, so nothing secret. */
  ref?: Json;
}

/** How a notification or an outcome is delivered. */
export interface DeliverOptions {
  /** Aborted when it takes too long, or the server stops. */
  signal: AbortSignal;
}

/**
 * A way to reach people outside the app. Deliveries are repeated until `send` resolves, so it may be called again with
 * a notification whose message has arrived: `id` is the same then.
 */
export interface NotificationChannel {
  /** The type of destinations that it serves; absent when it goes by its name only. */
  readonly type?: Destination["type"];
  /** Rejects when it couldn't: with a {@link DeliveryError} to say when, or that it is no use, to try again. */
  send(notification: Notification, options: DeliverOptions): Promise<SentNotification>;
}

/** Why a delivery failed, for channels and resumers to throw; any other error is tried again by the schedule. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  /** Whether trying again is no use. */
  readonly permanent: boolean;
  /** How long the receiver wants to be left alone, ms. */
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    { permanent = false, retryAfterMs }: { permanent?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message);
    this.permanent = permanent;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** What a run tells people without waiting for them. */
export interface Notice extends Notify {
  /** Default: the workflow's name. */
  title?: string;
  message?: string;
  content?: ContentBlock[];
  /** Short for one of `destinations`. */
  destination?: Destination;
}

/** Wire form of {@link Notice}. */
export const noticeSchema: z.ZodType<Notice> = z.strictObject({
  title: phrase(200).optional(),
  message: text(20_000).optional(),
  content: z.array(contentBlockSchema).max(50).optional(),
  destination: destinationSchema.optional(),
  ...notifyShape,
} satisfies ShapeOf<Notice>);

/** What a delivery knows besides the approval. */
export type NotificationFacts = Pick<Notification, "id" | "cause" | "destination" | "at" | "url" | "refs">;

/** The notification of an approval as it now stands. */
export function approvalNotification(approval: Approval, facts: NotificationFacts): Notification {
  const { tenantId, title, message } = approval;
  return withoutUndefined<Notification>({
    ...facts,
    tenantId,
    title,
    message,
    summary: contentSummary(approval),
    approval: notified(approval),
    buttons: approval.status === "pending" ? buttonsOf(approval) : [],
  });
}

function notified(approval: Approval): NotifiedApproval {
  const { id, kind, title, message, action, labels, risk, tags, requestedBy, status } = approval;
  const { stage, digest, deadlineAt, outcome } = approval;
  const source = approval.source && withoutRef(approval.source);
  return withoutUndefined<NotifiedApproval>({
    ...{ id, kind, title, message, action, labels, risk, tags, requestedBy, source, status },
    ...{ stage, digest, deadlineAt, outcome },
  });
}

function withoutRef({ ref: _ref, ...source }: Source): Omit<Source, "ref"> {
  return source;
}

/** Two buttons, approve (primary) and reject (danger), after Inngest's guide. */
function buttonsOf({ id, allow, labels }: Approval): NotificationButton[] {
  const approve = { type: "approve", label: labels.approve ?? "Approve", style: "primary", approvalId: id } as const;
  const reject = { type: "reject", label: labels.reject ?? "Reject", style: "danger", approvalId: id } as const;
  return [approve, reject].filter(({ type }) => allow.includes(type));
}

/**
 * Why people are to be told, now that an approval went from one state to the next. What a policy decides as it is made
 * was never asked, so nobody is told that it has ended.
 */
export function notificationCausesBetween(before: Approval, after: Approval): ApprovalCause[] {
  const asked = before.status === "pending" && !after.decisions.some(({ via }) => via === "policy");
  if (after.status !== "pending") return asked ? ["resolved"] : [];
  return [
    ...climbed(before, after),
    ...(after.revision === before.revision ? [] : (["revised"] as const)),
    ...(after.stage === before.stage ? [] : (["stage_opened"] as const)),
  ];
}

/** An escalation may come at the time of the one before it: the rung tells them apart. */
function climbed(before: Approval, after: Approval): ApprovalCause[] {
  const rung = rungReached(before, after);
  if (rung && "remind" in rung) return ["reminded"];
  return rung || after.escalatedAt !== before.escalatedAt ? ["escalated"] : [];
}
