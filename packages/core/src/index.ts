export { type Act, personOf } from "./act.ts";
export { applyDecision, type DecisionContext, type DecisionFacts, toDecision } from "./apply-decision.ts";
export {
  type Action,
  type ActionLabels,
  type AppliedPolicy,
  type Approval,
  type ApprovalGroup,
  type ApprovalKind,
  type ApprovalStatus,
  approvalSchema,
  type DeliveryState,
  type Escalation,
  type LadderRung,
  type OnTimeout,
  type Requester,
  type Risk,
  type Source,
  type Stage,
} from "./approval.ts";
export { approvalDigest, argsDigest, type Shown, sameJson } from "./approval-digest.ts";
export { eventsBetween, type ReviewerChange } from "./approval-events.ts";
export { compareApprovals, listPage, matchesQuery } from "./approval-list.ts";
export { type ApprovalQuery, type ApprovalSort, approvalQuerySchema } from "./approval-query.ts";
export { type ApprovalRequest, approvalRequestSchema, type Reviewers, type StageRequest } from "./approval-request.ts";
export { type ApprovalTiming, approvalTimingSchema } from "./approval-timing.ts";
export type {
  ApprovalActions,
  Approvals,
  CallOptions,
  ConsumeOptions,
  RespondOptions,
  WaitOptions,
} from "./approvals.ts";
export {
  type AskHumanOptions,
  type AskHumanTool,
  askHuman,
  type HumanAnswer,
  type HumanQuestion,
} from "./ask-human.ts";
export {
  type BulkItem,
  type BulkRespondInput,
  type BulkResult,
  bulkRespondSchema,
  bulkResultSchema,
} from "./bulk-respond.ts";
export type { BusinessHours } from "./business-hours.ts";
export { businessTimeAfter } from "./business-time.ts";
export { canonicalJson, sha256Hex } from "./canonical-json.ts";
export { applyClaim, applyClaimExpiry, applyRelease, type ClaimInput, claimHolder, claimInputSchema } from "./claim.ts";
export { applyComment, type CommentInput, commentInputSchema } from "./comment.ts";
export { applyConsume, type ConsumeInput, canConsume, consumeInputSchema } from "./consume.ts";
export { type ContentBlock, contentBlockSchema } from "./content-block.ts";
export { contentSummary, type SummaryField } from "./content-summary.ts";
export { type Counts, countsOf } from "./counts.ts";
export { countsSchema } from "./counts-schema.ts";
export { type ApprovalFacts, createApproval } from "./create-approval.ts";
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
} from "./decision.ts";
export {
  type Delivery,
  type DeliveryQuery,
  type DeliveryStatus,
  deliveryQuerySchema,
  deliverySchema,
} from "./delivery.ts";
export { type AttemptFacts, defaultDeliverySchedule, nextAttemptMs } from "./delivery-schedule.ts";
export {
  type Destination,
  destinationSchema,
  type EmailDestination,
  type Notify,
  type SlackDestination,
} from "./destination.ts";
export { type Duration, durationMs, durationOf, isDuration } from "./duration.ts";
export { type Endpoint, endpoints } from "./endpoints.ts";
export { type ErrorBody, type ErrorCode, errorStatus, type FieldError, HoldpointError } from "./error.ts";
export { errorBodySchema, errorCodeSchema } from "./error-schema.ts";
export {
  applyRuling,
  createRuledApproval,
  evaluatePolicy,
  type PolicyFailure,
  type Ruling,
} from "./evaluate-policy.ts";
export { type EventType, eventTypeSchema, type LogEvent, logEventSchema, type NewEvent } from "./event.ts";
export {
  awaitedEvent,
  type EventWait,
  eventWaitSchema,
  hasAwaitedValues,
  type Trigger,
  valueAt,
} from "./event-wait.ts";
export {
  type GatedTool,
  type GateTools,
  type GateToolsOptions,
  gateToolsOf,
  type ToolCall,
  type ToolDefinition,
  type ToolInfo,
  type ToolRecord,
} from "./gate-tools.ts";
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
} from "./grant.ts";
export { createIds, firstIdAt, type IdOptions, type NewId } from "./ids.ts";
export { Interrupt, type InterruptOptions, interruptGate } from "./interrupt.ts";
export type { Handler } from "./interruptible.ts";
export type { InvokeOptions, InvokeTarget } from "./invoke.ts";
export {
  asJson,
  type Json,
  type JsonObject,
  type JsonProblem,
  type JsonSchema,
  jsonProblem,
  withoutUndefined,
} from "./json.ts";
export { jsonSchemaErrors } from "./json-schema-errors.ts";
export {
  applyDue,
  type DueFacts,
  dueRungs,
  groupsToEscalate,
  mergedLadder,
  nextDueAt,
  rungDueAt,
  rungReached,
} from "./ladder.ts";
export { applyHeartbeat, applyLeaseEnd } from "./lease.ts";
export { applyCancel, applyDelivery, applyEscalation, applyTimeout, systemPerson } from "./lifecycle.ts";
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
} from "./live.ts";
export { logEventHash, zeroHash } from "./log-hash.ts";
export { createMemoryApprovals, type MemoryApprovals, type MemoryApprovalsOptions } from "./memory-approvals.ts";
export { momentOf } from "./moment.ts";
export { NotApprovedError, type RunOutcome } from "./not-approved-error.ts";
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
} from "./notification.ts";
export { type OpenApiInfo, openApiDocument } from "./openapi.ts";
export { defaultLimit, type Page, pageSchema } from "./page.ts";
export { assertJsonDepth, parse } from "./parse.ts";
export { fieldName, jsonPointer, pointerPath } from "./pointer.ts";
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
  policyRulesSchema,
  type Requirement,
} from "./policy.ts";
export type { ArgTest, Fit, OneOf, PolicyCondition } from "./policy-condition.ts";
export { type PolicyExplanation, policyExplanationSchema } from "./policy-explanation.ts";
export { countedDecisions, type GroupMembers, groupsToResolve, stageAt } from "./quorum.ts";
export { applyReassign, type ReassignInput, reassignInputSchema } from "./reassign.ts";
export type { GrantMatch, Remember } from "./remember.ts";
export type { ResumedApproval, ResumeResult, Resumer, Resumption } from "./resumer.ts";
export { assertPending, awaits, canCancel, canSee, hasApproved, type Reviewability, reviewable } from "./reviewable.ts";
export type { Route, RouteInput, RouteOutput, RoutePart } from "./route.ts";
export { type RouteName, type Routes, routes } from "./routes.ts";
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
  runStatusSchema,
  type StepKind,
} from "./run.ts";
export {
  type AwaitedEvent,
  awaitedEventSchema,
  type EventInput,
  eventInputSchema,
  type SentEvent,
  sentEventSchema,
} from "./sent-event.ts";
export {
  type SequenceConditions,
  type SequenceContext,
  type SequenceOptions,
  type SequenceStep,
  sequence,
} from "./sequence.ts";
export { StepError } from "./step-error.ts";
export { stepOptionsSchema } from "./step-options.ts";
export type { Tightening } from "./tightening.ts";
export { type AskAgainOptions, type EscalateOptions, timeouts } from "./timeouts.ts";
export { type ToolFailure, type ToolRefusal, toolRefusal } from "./tool-refusal.ts";
export type { StandardSchema, ToolSchema } from "./tool-schema.ts";
export { type Person, personSchema, type Role, roles, type Viewer, viewerSchema } from "./viewer.ts";
export {
  type Answered,
  type Branches,
  type BranchResult,
  type ExecutableReview,
  type GateRequest,
  type GateTimeout,
  NonRetriableError,
  type QuestionRequest,
  RetryAfterError,
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
} from "./workflow.ts";
export { withDefaults } from "./workflow-defaults.ts";
