import { invalidArgs, invalidRequest, under } from "../json/field-error.ts";
import { withoutUndefined } from "../json/json.ts";
import { schemaErrors } from "../json/json-schema-check.ts";
import { type JsonSchemaCheck, jsonSchemaErrors } from "../json/json-schema-errors.ts";
import { parse } from "../json/parse.ts";
import type { BusinessHours } from "../time/business-hours.ts";
import { businessTimeAfter, tenYearsMs } from "../time/business-time.ts";
import { type Duration, durationMs } from "../time/duration.ts";
import type { Approval } from "./approval.ts";
import { approvalDigest } from "./approval-digest.ts";
import { type ApprovalRequest, approvalRequestSchema, type StageRequest } from "./approval-request.ts";
import type { DecisionType } from "./decision.ts";
import type { Requester } from "./source.ts";
import type { Stage } from "./stage.ts";
import { unreachableQuorums } from "./unreachable-quorum.ts";

/** What a request does not say about itself. */
export interface ApprovalFacts {
  id: string;
  tenantId: string;
  /** The server's clock, ISO 8601. */
  now: string;
  /** The person behind the request: the owner of the run or the API key. */
  ownerId?: string;
  /** Stands in when the request names no requester. */
  requestedBy?: Requester;
  /** Checks the arguments; for whoever can't wait as long as a schema may take. */
  checkJson?: JsonSchemaCheck;
}

/**
 * Makes a pending approval out of a request: checks it, fills in the defaults, computes deadline and digest.
 *
 * @throws {HoldpointError} `invalid_request` naming the fields; `invalid_args` when `action.args` don't fit
 *   `action.schema` (pointers begin with `/action/args`)
 */
export function createApproval(input: ApprovalRequest, facts: ApprovalFacts): Approval {
  const approval = pendingApproval(input, facts);
  checkQuorums(input, approval);
  return approval;
}

/**
 * As {@link createApproval}, for a request that rules have made stricter. Where whoever asked is among the reviewers that
 * a rule requires, they can't mend that: it is left to the others, and to admins.
 */
export function pendingApproval(input: ApprovalRequest, facts: ApprovalFacts): Approval {
  const request = parse(approvalRequestSchema, input);
  checkSchemas(request, facts.checkJson);
  const { id, tenantId, now, ownerId } = facts;
  const { key, title, message, action, form, source, group, lease, channels, destinations } = request;
  const shown = {
    ...defaults(request),
    title,
    message,
    action,
    form,
    source,
    requestedBy: request.requestedBy ?? facts.requestedBy,
  };
  return withoutUndefined<Approval>({
    id,
    tenantId,
    key,
    ...shown,
    stages: stagesOf(request),
    stage: 0,
    ownerId,
    group,
    channels: channels && distinct(channels),
    destinations,
    ...timingOf(request, now),
    lease,
    leaseUntil: lease && later(now, durationMs(lease)),
    status: "pending",
    revision: 1,
    version: 1,
    digest: approvalDigest(shown),
    decisions: [],
    createdAt: now,
    updatedAt: now,
  });
}

function defaults(request: ApprovalRequest) {
  const { kind = "approval" } = request;
  const allow: DecisionType[] = kind === "question" ? ["answer"] : ["approve", "reject"];
  return {
    kind,
    content: request.content ?? [],
    allow: distinct(request.allow ?? allow),
    labels: request.labels ?? {},
    risk: request.risk ?? "medium",
    selfApproval: request.selfApproval ?? false,
    tags: distinct(request.tags ?? []),
    metadata: request.metadata ?? {},
  };
}

function stagesOf({ stages, reviewers }: ApprovalRequest): Stage[] {
  const requested: StageRequest[] = stages ?? (reviewers ? [reviewers] : []);
  return requested.map(({ name, users = [], groups = [], quorum = 1 }) =>
    withoutUndefined<Stage>({ name, users: distinct(users), groups: distinct(groups), quorum }),
  );
}

function checkSchemas({ action, form }: ApprovalRequest, checkJson: JsonSchemaCheck = jsonSchemaErrors): void {
  const unusable = [
    ...under("/action/schema", action?.schema ? schemaErrors(action.schema) : []),
    ...under("/form", form ? schemaErrors(form) : []),
  ];
  if (unusable.length > 0) throw invalidRequest(unusable);
  if (!action?.schema) return;
  const errors = under("/action/args", checkJson(action.schema, action.args));
  if (errors.length > 0) throw invalidArgs(errors);
}

function checkQuorums({ stages, ladder = [] }: ApprovalRequest, approval: Approval): void {
  const unreachable = unreachableQuorums({ ...approval, ladder }).map(({ message, ...where }) => {
    if ("rung" in where) return { pointer: `/ladder/${where.rung}/escalate/users`, message };
    return { pointer: stages ? `/stages/${where.stage}/quorum` : "/reviewers/quorum", message };
  });
  if (unreachable.length > 0) throw invalidRequest(unreachable);
}

type Timing = Pick<Approval, "ladder" | "timeout" | "onTimeout" | "businessHours" | "deadlineAt">;

function timingOf(request: ApprovalRequest, now: string): Timing {
  const { ladder = [], timeout, onTimeout = "time_out", businessHours } = request;
  const inOrder = ladder.toSorted((a, b) => durationMs(a.after) - durationMs(b.after));
  const given = { timeout, onTimeout, businessHours };
  if (!businessHours) return { ...given, ladder: inOrder, deadlineAt: timeout && later(now, durationMs(timeout)) };
  const at = businessMoments(businessHours, Date.parse(now));
  const placed = inOrder.map((rung) => ({ ...rung, at: at(rung.after, `/ladder/${ladder.indexOf(rung)}/after`) }));
  return { ...given, ladder: placed, deadlineAt: timeout && at(timeout, "/timeout") };
}

/** Moments in the order of time, each counted on from the one before: many cost no more than the last of them. */
function businessMoments(hours: BusinessHours, start: number): (after: Duration, field: string) => string {
  let moment = start;
  let passed = 0;
  return (after, field) => {
    const next = businessTimeAfter(hours, moment, durationMs(after) - passed);
    if (next === undefined || next > start + tenYearsMs) {
      throw invalidRequest([{ pointer: field, message: "takes more than ten years of business hours" }]);
    }
    moment = next;
    passed = durationMs(after);
    return new Date(moment).toISOString();
  };
}

function later(now: string, ms: number): string {
  return new Date(Date.parse(now) + ms).toISOString();
}

function distinct<T>(values: T[]): T[] {
  return [...new Set(values)];
}
