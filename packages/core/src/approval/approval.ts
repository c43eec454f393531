import * as z from "zod";
import { type Destination, notifyShape } from "../delivery/destination.ts";
import { duration, instant, json, jsonSchema, name, phrase, type ShapeOf, webUrl } from "../json/field.ts";
import type { Json, JsonSchema } from "../json/json.ts";
import { type BusinessHours, businessHoursSchema } from "../time/business-hours.ts";
import type { Duration } from "../time/duration.ts";
import { type Person, personSchema } from "../viewer.ts";
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

/** Reviewers and the quorum they need. No users and no groups means anyone with the reviewer role. */
export interface Stage {
  name?: string;
  users: string[];
  groups: string[];
  /**
   * How many distinct people must approve, or all who may: all of `users` (for groups: every member, resolved when
   * deciding) but whoever asked. A number that the members of `groups` are too few for is not noticed: it waits for the
   * timeout, an admin or other reviewers, so let it have a timeout.
   */
  quorum: number | "all";
}

/** A requester: an agent, a person or a service. */
export interface Requester {
  id: string;
  name?: string;
  kind: "agent" | "user" | "service";
}

/** Where a request comes from. */
export interface Source {
  engine: string;
  workflow?: string;
  runId?: string;
  gate?: string;
  /** http(s) only. */
  url?: string;
  /** What the engine's resumer finds the waiting thing by; reviewers may see it, so nothing secret. */
  ref?: Json;
}

/** Reviewers to add to the current stage. */
export interface Escalation {
  users?: string[];
  groups?: string[];
  /** Whether those asked so far may decide no longer. Default false. */
  replace?: boolean;
}

/** When a rung is due. */
interface RungTime {
  /** Counts from the approval's creation. */
  after: Duration;
  /** ISO 8601; set by the server where business hours move it, otherwise `after` says it all. */
  at?: string;
}

/** One thing that happens while an approval stays pending. */
export type LadderRung = (RungTime & { remind: true }) | (RungTime & { escalate: Escalation });

/** What happens at the final timeout: the run is told that nobody answered, or the approval counts as yes or no. */
export type OnTimeout = "time_out" | "approve" | "reject";

/** Whether members of a group are delivered together or each on its own. */
export interface ApprovalGroup {
  key: string;
  mode: "all" | "each";
  /**
   * How many members there will be; with `all`, nothing is delivered before that many have ended. Without it, those that
   * are there are delivered as soon as none of them is pending; later ones make another round.
   */
  size?: number;
}

/** Members of a group that are delivered together at most. */
export const maxGroupSize = 1_000;

/** Button texts that the requester chose. */
export type ActionLabels = Partial<Record<DecisionType, string>>;

/** What a policy made of a request before people saw it. */
export interface AppliedPolicy {
  /** Names of the rules that made it stricter. */
  rules: string[];
  /** Names of rules that could not be judged, so that people decide; `*` for the whole policy. */
  failed?: string[];
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
  /** Who says that they are at it; anybody who may decide still can. */
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

/** Fields of {@link Stage}. */
export const stageShape = {
  name: name(100).optional(),
  users: z.array(name()).max(200),
  groups: z.array(name()).max(50),
  quorum: z.union([z.int().min(1).max(100), z.literal("all")]),
} satisfies ShapeOf<Stage>;

/** Wire form of {@link Requester}. */
export const requesterSchema: z.ZodType<Requester> = z.strictObject({
  id: name(),
  name: name().optional(),
  kind: z.enum(["agent", "user", "service"]),
} satisfies ShapeOf<Requester>);

/** Wire form of {@link Source}. */
export const sourceSchema: z.ZodType<Source> = z.strictObject({
  engine: name(),
  workflow: name().optional(),
  runId: name().optional(),
  // A step's name, with its number.
  gate: name(220).optional(),
  url: webUrl.optional(),
  ref: json.optional(),
} satisfies ShapeOf<Source>);

const escalationSchema = z.strictObject({
  users: stageShape.users.optional(),
  groups: stageShape.groups.optional(),
  replace: z.boolean().optional(),
} satisfies ShapeOf<Escalation>);

/** Wire form of a {@link LadderRung} as requested. */
export const ladderRungSchema: z.ZodType<LadderRung> = z.union([
  z.strictObject({ after: duration, remind: z.literal(true) }),
  z.strictObject({ after: duration, escalate: escalationSchema }),
]);

const placedRungSchema: z.ZodType<LadderRung> = z.union([
  z.object({ after: duration, at: instant.optional(), remind: z.literal(true) }),
  z.object({ after: duration, at: instant.optional(), escalate: escalationSchema }),
]);

/** Wire form of {@link Risk}. */
export const riskSchema: z.ZodType<Risk> = z.enum(["low", "medium", "high", "critical"]);

/** Wire form of {@link ApprovalStatus}. */
export const approvalStatusSchema: z.ZodType<ApprovalStatus> = z.enum(["pending", ...outcomeStatuses]);

/** Wire form of {@link ApprovalGroup}. */
export const approvalGroupSchema: z.ZodType<ApprovalGroup> = z.strictObject({
  key: name(),
  mode: z.enum(["all", "each"]),
  size: z.int().min(1).max(maxGroupSize).optional(),
} satisfies ShapeOf<ApprovalGroup>);

const appliedPolicySchema = z.object({
  rules: z.array(z.string()),
  failed: z.array(z.string()).optional(),
} satisfies ShapeOf<AppliedPolicy>);

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
