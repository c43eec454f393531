import * as z from "zod";
import { type Destination, notifyShape } from "../delivery/destination.ts";
import { duration, json, jsonSchema, name, phrase, type ShapeOf, text } from "../json/field.ts";
import type { Json, JsonSchema } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import {
  type Action,
  type ActionLabels,
  type ApprovalKind,
  actionSchema,
  labelsSchema,
  type Risk,
  riskSchema,
} from "./approval.ts";
import { type ApprovalGroup, approvalGroupSchema } from "./approval-group.ts";
import { type ApprovalTiming, checkTiming, type Refuse, timingShape } from "./approval-timing.ts";
import { type ContentBlock, contentBlockSchema } from "./content-block.ts";
import { type DecisionType, decisionTypeSchema } from "./decision.ts";
import { type Requester, requesterSchema, type Source, sourceSchema } from "./source.ts";
import { type Stage, stageShape } from "./stage.ts";

/** Reviewers in the short form: one stage. */
export interface Reviewers {
  /** Ids of users. Default none. */
  users?: string[];
  /** Groups, as in `Viewer.groups`. Default none; without users either, anyone with the reviewer role may decide. */
  groups?: string[];
  /** How many of them must approve; see {@link Stage.quorum}. Default 1. */
  quorum?: number | "all";
}

/** A stage as requested. */
export type StageRequest = Pick<Stage, "name"> & Reviewers;

/** What `request` takes. Only `title` is required. */
export interface ApprovalRequest extends ApprovalTiming {
  /** Asking again with the same key and the same body returns the first approval. */
  key?: string;
  /** Default `approval`. */
  kind?: ApprovalKind;
  /** What is asked, in a line; at most 200 characters. */
  title: string;
  /** The agent's own words, shown as such. At most 20,000 characters. */
  message?: string;
  /** What will be executed, and with which arguments. `edit` needs it. */
  action?: Action;
  /** What helps reviewers decide, in this order. Default none. */
  content?: ContentBlock[];
  /** The answer to a question, as JSON Schema. Default: any JSON. */
  form?: JsonSchema;
  /** Default `["approve", "reject"]`; `["answer"]` for a question. */
  allow?: DecisionType[];
  /** Button texts, at most 60 characters each. Default: the user interface's own. */
  labels?: ActionLabels;
  /** Default `medium`. */
  risk?: Risk;
  /** Run in order. Default: one approval from anyone with the reviewer role. */
  stages?: StageRequest[];
  /** Short for one stage; not together with `stages`. */
  reviewers?: Reviewers;
  /** Default: the caller. Gates have only the run's owner. */
  requestedBy?: Requester;
  /** Whether the requester and the owner may decide. Default false. */
  selfApproval?: boolean;
  /** Where the request comes from, and so which resumer is told the outcome. Default: nothing is told, callers wait. */
  source?: Source;
  /** Has the outcomes of several approvals delivered together. Default: each on its own. */
  group?: ApprovalGroup;
  /** Channels, by name, through which to notify people besides the inbox. Default none. */
  channels?: string[];
  /** Where to notify people besides the inbox, each through the channel configured for its type. Default none. */
  destinations?: Destination[];
  /**
   * For requesters that may go away while they wait: unless they send a heartbeat this often, the approval is withdrawn.
   * Default: it stays.
   */
  lease?: Duration;
  /** For filtering lists: at most 20, of at most 64 characters each. Default none. */
  tags?: string[];
  /** Yours: stored and returned, never interpreted. Default `{}`. */
  metadata?: Json;
}

const reviewersShape = {
  users: stageShape.users.optional(),
  groups: stageShape.groups.optional(),
  quorum: stageShape.quorum.optional(),
} satisfies ShapeOf<Reviewers>;

const stageRequestSchema = z.strictObject({ name: stageShape.name, ...reviewersShape } satisfies ShapeOf<StageRequest>);

const requestShape = {
  key: name().optional(),
  kind: z.enum(["approval", "question"]).optional(),
  title: phrase(200),
  message: text(20_000).optional(),
  action: actionSchema.optional(),
  content: z.array(contentBlockSchema).max(50).optional(),
  form: jsonSchema.optional(),
  allow: z.array(decisionTypeSchema).min(1).max(4).optional(),
  labels: labelsSchema.optional(),
  risk: riskSchema.optional(),
  stages: z.array(stageRequestSchema).max(20).optional(),
  reviewers: z.strictObject(reviewersShape).optional(),
  requestedBy: requesterSchema.optional(),
  selfApproval: z.boolean().optional(),
  source: sourceSchema.optional(),
  group: approvalGroupSchema.optional(),
  ...notifyShape,
  ...timingShape,
  lease: duration.optional(),
  tags: z.array(name(64)).max(20).optional(),
  metadata: json.optional(),
} satisfies ShapeOf<ApprovalRequest>;

/** Wire form of {@link ApprovalRequest}, with the rules that hold between its fields. */
export const approvalRequestSchema: z.ZodType<ApprovalRequest> = z
  .strictObject(requestShape)
  .superRefine((request, context) => {
    const refuse: Refuse = (message, ...path) => context.addIssue({ code: "custom", path, message });
    checkKind(request, refuse);
    checkStages(request, refuse);
    checkTiming(request, refuse);
    if (request.onTimeout === "approve" && request.kind === "question") {
      refuse("must not approve: a question wants an answer", "onTimeout");
    }
  });

function checkKind(request: ApprovalRequest, refuse: Refuse): void {
  const { kind = "approval", allow } = request;
  const possible: DecisionType[] = kind === "question" ? ["answer", "reject"] : ["approve", "edit", "reject"];
  for (const [i, type] of (allow ?? []).entries()) {
    if (!possible.includes(type)) refuse(`"${type}" can't be given to ${nounOf(kind)}`, "allow", i);
    else if (type === "edit" && !request.action) refuse('"edit" needs an action to edit', "allow", i);
  }
  if (allow?.every((type) => type === "reject")) refuse("must have a response other than reject", "allow");
  if (kind === "question" && request.action) refuse("goes only with an approval, not with a question", "action");
  if (kind === "approval" && request.form) refuse('goes only with kind "question"', "form");
}

function checkStages(request: ApprovalRequest, refuse: Refuse): void {
  const { stages, reviewers } = request;
  if (stages && reviewers) refuse('goes only without "stages": it is short for one stage', "reviewers");
  if (reviewers) checkQuorum(reviewers, request, refuse, "reviewers");
  for (const [i, stage] of (stages ?? []).entries()) checkQuorum(stage, request, refuse, "stages", i);
  if (request.kind === "question" && (stages?.length ?? 0) > 1) refuse("must be one: a question has one", "stages");
}

function checkQuorum(stage: Reviewers, request: ApprovalRequest, refuse: Refuse, ...path: PropertyKey[]): void {
  const { users = [], groups = [], quorum = 1 } = stage;
  const open = users.length === 0 && groups.length === 0;
  if (request.kind === "question" && quorum !== 1) refuse("must be 1: the first answer counts", ...path, "quorum");
  if (quorum === "all" && open) refuse('"all" needs users or groups to be listed', ...path, "quorum");
  if (quorum === "all") return;
  const most = open || groups.length > 0 ? quorum : new Set(users).size;
  if (quorum > most) refuse("must not be more than the users listed", ...path, "quorum");
  for (const [i, rung] of (request.ladder ?? []).entries()) {
    if (!("escalate" in rung) || !rung.escalate.replace || rung.escalate.groups?.length) continue;
    if (quorum > new Set(rung.escalate.users).size) {
      refuse("must not replace reviewers by fewer people than a quorum needs", "ladder", i, "escalate", "users");
    }
  }
}

function nounOf(kind: ApprovalKind): string {
  return kind === "question" ? "a question" : "an approval";
}
