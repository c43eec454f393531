import * as z from "zod";
import { type Destination, notifyShape } from "../delivery/destination.ts";
import { duration, instant, json, jsonSchema, name, phrase, type ShapeOf } from "../json/field.ts";
import type { Json, JsonSchema } from "../json/json.ts";
import { type BusinessHours, businessHoursSchema } from "../time/business-hours.ts";
import type { Duration } from "../time/duration.ts";
import { type Person, personSchema } from "../viewer.ts";
import { type ApprovalGroup, approvalGroupSchema } from "./approval-group.ts";
import { type ContentBlock, contentBlockSchema } from "./content-block.ts";
import {
  type Decision,
  type DecisionType,
  decisionSchema,
  decisionTypeSchema,
  type Outcome,
  type OutcomeStatus,
  outcomeSchema,
  outcomeStatuses,
} from "./decision.ts";
import { type LadderRung, type OnTimeout, placedRungSchema } from "./ladder-rung.ts";
import type { ReviewerChange } from "./reviewer-change.ts";
import { type Requester, requesterSchema, type Source, sourceSchema } from "./source.ts";
import { type Stage, stageShape } from "./stage.ts";

/** `approval` asks for a yes, `question` for an answer. */
export type ApprovalKind = "approval" | "question";

/** How much harm a wrong yes can do. */
export type Risk = "low" | "medium" | "high" | "critical";

/** Where an approval stands: waiting, or ended with an outcome. */
export type ApprovalStatus = "pending" | OutcomeStatus;

/** What will be executed once approved. */
export interface Action {
  name: string;
  args: Json;
  /** Schema of `args`; edited arguments must satisfy it. A server gives up a check that takes longer than a second. */
  schema?: JsonSchema;
}

/** Button texts that the requester chose. */
export type ActionLabels = Partial<Record<DecisionType, string>>;

/** What a policy made of a request before people saw it. */
export interface AppliedPolicy {
  /** Names of the rules that made it stricter. */
  rules: string[];
  /** Names of rules that could not be judged, so that people decide; `*` for the whole policy. */
  failed?: string[];
  /** The risk that the request said, where a rule raised it. */
  risk?: Risk;
}

/** Whether what waits for the outcome has been told. */
export type DeliveryState = "pending" | "delivered" | "failed";

/** A request that blocks a run until people respond. */
export interface Approval {
  /** `apr_` + 26 characters, sortable by time. */
  id: string;
  tenantId: string;
  /** The requester's idempotency key, unique per tenant. */
  key?: string;
  kind: ApprovalKind;
  /** At most 200 characters. */
  title: string;
  /** The agent's own words; never to be shown as if the product said them. */
  message?: string;
  action?: Action;
  content: ContentBlock[];
  /** The shape of the answer to a question. */
  form?: JsonSchema;
  allow: DecisionType[];
  labels: ActionLabels;
  risk: Risk;
  /** None means one yes from anyone with the reviewer role. */
  stages: Stage[];
  /** Index of the current stage. */
  stage: number;
  requestedBy?: Requester;
  /** The person whose run or API key asked; like `requestedBy`, they may not decide unless `selfApproval`. */
  ownerId?: string;
  /** Whether the requester and the owner may decide. */
  selfApproval: boolean;
  source?: Source;
  group?: ApprovalGroup;
  /** In the order of time. */
  ladder: LadderRung[];
  /** How many rungs of the ladder are behind; absent before the first. */
  rung?: number;
  timeout?: Duration;
  onTimeout: OnTimeout;
  /** When given, the ladder and the timeout count the time inside these hours only. */
  businessHours?: BusinessHours;
  /** When the ladder last added reviewers, ISO 8601. */
  escalatedAt?: string;
  /** When somebody last gave it other reviewers, ISO 8601. */
  reassignedAt?: string;
  /**
   * Reviewers in whose place others decide now, and who may still look: those that the ladder replaced, and those who had
   * decided before it was reassigned.
   */
  formerReviewers?: ReviewerChange;
  /** Channels, by name, through which people are told besides the inbox. */
  channels?: string[];
  /** Where people are told besides the inbox, each by the channel for its type. */
  destinations?: Destination[];
  /** When the timeout strikes, ISO 8601; absent when the approval waits for ever. */
  deadlineAt?: string;
  /** The requester has to send a heartbeat this often, or the approval is withdrawn. */
  lease?: Duration;
  /** When the lease ends unless a heartbeat comes, ISO 8601. */
  leaseUntil?: string;
  tags: string[];
  metadata: Json;
  status: ApprovalStatus;
  /** Counts changes to what the digest covers. Starts at 1. */
  revision: number;
  /** Counts all changes. Starts at 1. */
  version: number;
  /** SHA-256 (hex) over the canonical JSON of what reviewers are shown; see `approvalDigest`. */
  digest: string;
  decisions: Decision[];
  outcome?: Outcome;
  /** Who has claimed it: is working on it. Anybody who may decide still can. */
  claimedBy?: Person;
  /** When the claim ends unless it is renewed, ISO 8601. */
  claimExpiresAt?: string;
  /** Comments without a decision; they are in the history. Absent while there are none. */
  commentCount?: number;
  /** When, and by whom, the right to execute was used up. */
  consumedAt?: string;
  consumedBy?: Person;
  /** Absent until it ends, and where nothing waits to be told: no run, and no resumer that its source asks for. */
  delivery?: DeliveryState;
  /** Present when a policy made the request stricter, or failed to judge it. */
  policy?: AppliedPolicy;
  createdAt: string;
  updatedAt: string;
  resolvedAt?: string;
}

/** Wire form of {@link Action}. */
export const actionSchema: z.ZodType<Action> = z.strictObject({
  name: name(),
  args: json,
  schema: jsonSchema.optional(),
} satisfies ShapeOf<Action>);

/** Wire form of {@link Risk}. */
export const riskSchema: z.ZodType<Risk> = z.enum(["low", "medium", "high", "critical"]);

/** Wire form of {@link ApprovalStatus}. */
export const approvalStatusSchema: z.ZodType<ApprovalStatus> = z.enum(["pending", ...outcomeStatuses]);

const appliedPolicySchema = z.object({
  rules: z.array(z.string()),
  failed: z.array(z.string()).optional(),
  risk: riskSchema.optional(),
} satisfies ShapeOf<AppliedPolicy>);

const formerReviewersSchema = z.object({
  users: z.array(z.string()),
  groups: z.array(z.string()),
  everyone: z.literal(true).optional(),
} satisfies ShapeOf<ReviewerChange>);

const label = phrase(60).optional();

/** Wire form of {@link ActionLabels}. */
export const labelsSchema: z.ZodType<ActionLabels> = z.strictObject({
  approve: label,
  edit: label,
  reject: label,
  answer: label,
} satisfies ShapeOf<ActionLabels>);

/** Wire form of {@link Approval}, as answers carry it. */
export const approvalSchema: z.ZodType<Approval> = z.object({
  id: z.string(),
  tenantId: z.string(),
  key: z.string().optional(),
  kind: z.enum(["approval", "question"]),
  title: z.string(),
  message: z.string().optional(),
  action: actionSchema.optional(),
  content: z.array(contentBlockSchema),
  form: jsonSchema.optional(),
  allow: z.array(decisionTypeSchema),
  labels: labelsSchema,
  risk: riskSchema,
  stages: z.array(z.object(stageShape)),
  stage: z.int().min(0),
  requestedBy: requesterSchema.optional(),
  ownerId: z.string().optional(),
  selfApproval: z.boolean(),
  source: sourceSchema.optional(),
  group: approvalGroupSchema.optional(),
  ladder: z.array(placedRungSchema),
  rung: z.int().min(1).optional(),
  timeout: duration.optional(),
  onTimeout: z.enum(["time_out", "approve", "reject"]),
  businessHours: businessHoursSchema.optional(),
  escalatedAt: instant.optional(),
  reassignedAt: instant.optional(),
  formerReviewers: formerReviewersSchema.optional(),
  ...notifyShape,
  deadlineAt: instant.optional(),
  lease: duration.optional(),
  leaseUntil: instant.optional(),
  tags: z.array(z.string()),
  metadata: json,
  status: approvalStatusSchema,
  revision: z.int().min(1),
  version: z.int().min(1),
  digest: z.string(),
  decisions: z.array(decisionSchema),
  outcome: outcomeSchema.optional(),
  claimedBy: personSchema.optional(),
  claimExpiresAt: instant.optional(),
  commentCount: z.int().min(0).optional(),
  consumedAt: instant.optional(),
  consumedBy: personSchema.optional(),
  delivery: z.enum(["pending", "delivered", "failed"]).optional(),
  policy: appliedPolicySchema.optional(),
  createdAt: instant,
  updatedAt: instant,
  resolvedAt: instant.optional(),
} satisfies ShapeOf<Approval>);
