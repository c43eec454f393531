export { type Act, personOf } from "./approval/act.ts";
export { applyDecision, type DecisionContext, type DecisionFacts, toDecision } from "./approval/apply-decision.ts";
export {
  type Action,
  type ActionLabels,
  type AppliedPolicy,
  type Approval,
  type ApprovalKind,
  type ApprovalStatus,
  approvalSchema,
  type DeliveryState,
  type Risk,
} from "./approval/approval.ts";
export { approvalDigest, argsDigest, type Shown, sameJson } from "./approval/approval-digest.ts";
export { eventsBetween } from "./approval/approval-events.ts";
export { type ApprovalGroup, maxGroupSize } from "./approval/approval-group.ts";
export { compareApprovals, listPage, matchesQuery } from "./approval/approval-list.ts";
export { type ApprovalQuery, type ApprovalSort, approvalQuerySchema } from "./approval/approval-query.ts";
export {
  type ApprovalRequest,
  approvalRequestSchema,
  type Reviewers,
  type StageRequest,
} from "./approval/approval-request.ts";
export { type ApprovalTiming, approvalTimingSchema } from "./approval/approval-timing.ts";
export {
  type ApprovalActions,
  type Approvals,
  type CallOptions,
  type ConsumeOptions,
  defaultWaitSeconds,
  type RespondOptions,
  type WaitOptions,
} from "./approval/approvals.ts";
export {
  type BulkItem,
  type BulkRespondInput,
  type BulkResult,
  bulkRespondSchema,
  bulkResultSchema,
} from "./approval/bulk-respond.ts";
export {
  applyClaim,
  applyClaimExpiry,
  applyRelease,
  type ClaimInput,
  claimHolder,
  claimInputSchema,
} from "./approval/claim.ts";
export { applyComment, type CommentInput, commentInputSchema } from "./approval/comment.ts";
export { applyConsume, assertCanConsume, type ConsumeInput, consumeInputSchema } from "./approval/consume.ts";
export { type ContentBlock, contentBlockSchema } from "./approval/content-block.ts";
export { contentSummary, type SummaryField } from "./approval/content-summary.ts";
export { type Counts, countsOf } from "./approval/counts.ts";
export { type ApprovalFacts, createApproval } from "./approval/create-approval.ts";
export {
  type CancelInput,
  cancelInputSchema,
  type Decision,
  type DecisionInput,
  type DecisionSource,
  type DecisionType,
  decisionSchema,
  idempotencyKeySchema,
  type Outcome,
  type OutcomeStatus,
  outcomeSchema,
  type RespondInput,
  respondInputSchema,
  type YesNoInput,
} from "./approval/decision.ts";
export type { Escalation, LadderRung, OnTimeout } from "./approval/ladder-rung.ts";
export { applyHeartbeat, applyLeaseEnd } from "./approval/lease.ts";
export { applyCancel, applyDelivery, applyEscalation, applyTimeout, systemPerson } from "./approval/lifecycle.ts";
export { countedDecisions, type GroupMembers, groupsToResolve, stageAt } from "./approval/quorum.ts";
export { applyReassign, groupsToReassign, type ReassignInput, reassignInputSchema } from "./approval/reassign.ts";
export {
  assertCanCancel,
  assertPending,
  awaits,
  canCancel,
  canSee,
  hasApproved,
  type Reviewability,
  reviewable,
} from "./approval/reviewable.ts";
export type { ReviewerChange } from "./approval/reviewer-change.ts";
export type { Requester, Source } from "./approval/source.ts";
export type { Stage } from "./approval/stage.ts";
export {
  type Delivery,
  type DeliveryQuery,
  type DeliveryStatus,
  deliveryQuerySchema,
  deliverySchema,
} from "./delivery/delivery.ts";
export { type AttemptFacts, defaultDeliverySchedule, nextAttemptMs } from "./delivery/delivery-schedule.ts";
export {
  type Destination,
  destinationSchema,
  type EmailDestination,
  type Notify,
  type SlackDestination,
} from "./delivery/destination.ts";
export {
  type ApprovalCause,
  approvalNotification,
  type DeliverOptions,
  DeliveryError,
  type Notice,
  type Notification,
  type NotificationButton,
  type NotificationCause,
  type NotificationChannel,
  type NotificationFacts,
  type NotifiedApproval,
  noticeSchema,
  notificationCauses,
  notificationCausesBetween,
  type SentNotification,
} from "./delivery/notification.ts";
export type { ResumedApproval, ResumeResult, Resumer, Resumption } from "./delivery/resumer.ts";
export { type ErrorBody, type ErrorCode, errorStatus, type FieldError, HoldpointError } from "./error.ts";
export { createIds, firstIdAt, type IdOptions, idTime, type NewId } from "./ids.ts";
export { canonicalJson, sha256Hex } from "./json/canonical-json.ts";
export {
  asJson,
  type Json,
  type JsonObject,
  type JsonProblem,
  type JsonSchema,
  jsonProblem,
  withoutUndefined,
} from "./json/json.ts";
export { type JsonSchemaCheck, jsonSchemaErrors } from "./json/json-schema-errors.ts";
export { parse } from "./json/parse.ts";
export { fieldName, jsonPointer, pointerPath } from "./json/pointer.ts";
export { type EventType, eventTypeSchema, type LogEvent, logEventSchema, type NewEvent } from "./log/event.ts";
export { logEventHash, logEventText, zeroHash } from "./log/log-hash.ts";
export { createMemoryApprovals, type MemoryApprovals, type MemoryApprovalsOptions } from "./memory/memory-approvals.ts";
export { type EditFacts, type EditRuling, rulingOnEdit } from "./policy/edit-ruling.ts";
export {
  applyRuling,
  createRuledApproval,
  type PolicyFailure,
  type Ruling,
} from "./policy/evaluate-policy.ts";
export {
  applyGrant,
  type Grant,
  grantOf,
  grantSchema,
  grantScopes,
  isCovered,
  isGrantable,
  type RememberedDecision,
  scopeOf,
} from "./policy/grant.ts";
export {
  brokenPolicy,
  type CheckedRule,
  definePolicy,
  isPolicy,
  type Policy,
  type PolicyEffect,
  type PolicyFacts,
  type PolicyPredicate,
  type PolicyRule,
  parsePolicy,
  type Requirement,
} from "./policy/policy.ts";
export type { ArgTest, Fit, OneOf, PolicyCondition } from "./policy/policy-condition.ts";
export { type PolicyExplanation, policyExplanationSchema } from "./policy/policy-explanation.ts";
export type { GrantMatch, Remember } from "./policy/remember.ts";
export type { Tightening } from "./policy/tightening.ts";
export {
  type AskHumanOptions,
  type AskHumanTool,
  askHuman,
  type HumanAnswer,
  type HumanQuestion,
} from "./runs/ask-human.ts";
export { clippedTitle } from "./runs/clipped-title.ts";
export {
  awaitedEvent,
  type EventWait,
  eventWaitSchema,
  hasAwaitedValues,
  type Trigger,
  valueAt,
} from "./runs/event-wait.ts";
export {
  type GatedTool,
  type GateTools,
  type GateToolsOptions,
  gateToolsOf,
  type ToolCall,
  type ToolDefinition,
  type ToolInfo,
  type ToolRecord,
} from "./runs/gate-tools.ts";
export { Interrupt, type InterruptOptions, interruptGate } from "./runs/interrupt.ts";
export type { Handler } from "./runs/interruptible.ts";
export type { InvokeOptions, InvokeTarget } from "./runs/invoke.ts";
export { NotApprovedError, type RunOutcome } from "./runs/not-approved-error.ts";
export {
  type ErrorRecord,
  type Run,
  type RunQuery,
  type RunRequest,
  type RunStatus,
  type RunStep,
  runQuerySchema,
  runRequestSchema,
  runSchema,
  runStatuses,
  type StepKind,
} from "./runs/run.ts";
export {
  type AwaitedEvent,
  awaitedEventSchema,
  type EventInput,
  eventInputSchema,
  type SentEvent,
  sentEventSchema,
} from "./runs/sent-event.ts";
export {
  type SequenceConditions,
  type SequenceContext,
  type SequenceOptions,
  type SequenceStep,
  sequence,
} from "./runs/sequence.ts";
export { NonRetriableError, RetryAfterError, StepError } from "./runs/step-error.ts";
export { stepOptionsSchema } from "./runs/step-options.ts";
export { type ToolFailure, type ToolRefusal, toolRefusal } from "./runs/tool-refusal.ts";
export type { StandardSchema, ToolSchema } from "./runs/tool-schema.ts";
export {
  type Answered,
  type Branches,
  type BranchResult,
  type ExecutableReview,
  type GateRequest,
  type GateTimeout,
  type QuestionRequest,
  type Review,
  type RunContext,
  type StepContext,
  type StepOptions,
  type Workflow,
  type WorkflowDefaults,
  type WorkflowName,
  type WorkflowOptions,
  type WorkflowVersion,
  workflow,
} from "./runs/workflow.ts";
export { withDefaults } from "./runs/workflow-defaults.ts";
export type { BusinessHours } from "./time/business-hours.ts";
export { businessTimeAfter } from "./time/business-time.ts";
export { type Duration, durationMs, durationOf, isDuration } from "./time/duration.ts";
export {
  applyDue,
  type DueFacts,
  groupsToEscalate,
  mergedLadder,
  nextDueAt,
  rungDueAt,
  rungReached,
} from "./time/ladder.ts";
export { momentOf } from "./time/moment.ts";
export { type AskAgainOptions, type EscalateOptions, timeouts } from "./time/timeouts.ts";
export { type Person, personSchema, type Role, roles, type Viewer, viewerSchema } from "./viewer.ts";
export { countsSchema } from "./wire/counts-schema.ts";
export { type Endpoint, endpoints } from "./wire/endpoints.ts";
export { errorBodySchema, errorCodeSchema } from "./wire/error-schema.ts";
export {
  type Change,
  type ChangesFrame,
  type ClientToServer,
  type Gone,
  type Head,
  type LiveNotice,
  type ServerToClient,
  type Subscription,
  subscriptionSchema,
} from "./wire/live.ts";
export { type OpenApiInfo, openApiDocument } from "./wire/openapi.ts";
export { defaultLimit, type Page, pageSchema } from "./wire/page.ts";
export type { Route, RouteInput, RouteOutput, RoutePart } from "./wire/route.ts";
export { type RouteName, type Routes, routes } from "./wire/routes.ts";
