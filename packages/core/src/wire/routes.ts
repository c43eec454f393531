import * as z from "zod";
import { approvalSchema } from "../approval/approval.ts";
import { approvalQuerySchema, cursorField, limitField } from "../approval/approval-query.ts";
import { approvalRequestSchema } from "../approval/approval-request.ts";
import { defaultWaitSeconds } from "../approval/approvals.ts";
import { bulkRespondSchema, bulkResultSchema } from "../approval/bulk-respond.ts";
import { claimInputSchema } from "../approval/claim.ts";
import { commentInputSchema } from "../approval/comment.ts";
import { consumeInputSchema } from "../approval/consume.ts";
import { cancelInputSchema, idempotencyKeySchema, respondInputSchema } from "../approval/decision.ts";
import { reassignInputSchema } from "../approval/reassign.ts";
import { deliveryQuerySchema, deliverySchema } from "../delivery/delivery.ts";
import { name, wholeNumber } from "../json/field.ts";
import { logEventSchema } from "../log/event.ts";
import { grantSchema } from "../policy/grant.ts";
import { policyExplanationSchema } from "../policy/policy-explanation.ts";
import { runQuerySchema, runRequestSchema, runSchema } from "../runs/run.ts";
import { eventInputSchema, sentEventSchema } from "../runs/sent-event.ts";
import { countsSchema } from "./counts-schema.ts";
import { endpoints } from "./endpoints.ts";
import { subscriptionSchema } from "./live.ts";
import { pageSchema } from "./page.ts";
import type { Route } from "./route.ts";

const idParams = z.strictObject({ id: name() });
const waitQuery = z.strictObject({ timeout: wholeNumber(0, 60).optional() });
const pageQuery = z.strictObject({ limit: limitField, cursor: cursorField });

const read = ["unauthenticated", "rate_limited"] as const;
const write = [...read, "invalid_request", "payload_too_large"] as const;
const decide = ["not_found", "not_a_reviewer", "self_approval", "already_resolved", "digest_mismatch"] as const;

/**
 * Every HTTP route, once: the server's router, the OpenAPI document and the HTTP client are made from this table.
 * Static paths stand before those with parameters.
 */
export const routes = {
  requestApproval: {
    ...endpoints.requestApproval,
    summary: "Ask for an approval; with a key that was used for the same body, the approval made then",
    body: approvalRequestSchema,
    responses: { 201: approvalSchema, 200: approvalSchema },
    errors: [...write, "forbidden", "idempotency_conflict", "invalid_args"],
    roles: ["requester", "reviewer", "admin"],
  },
  listApprovals: {
    ...endpoints.listApprovals,
    summary: "List the approvals that you can see",
    query: approvalQuerySchema,
    responses: { 200: pageSchema(approvalSchema) },
    errors: [...read, "invalid_request"],
  },
  bulkRespond: {
    ...endpoints.bulkRespond,
    summary: "Give many approvals the same response; each is decided on its own, with a result per item",
    body: bulkRespondSchema,
    responses: { 200: z.object({ results: z.array(bulkResultSchema) }) },
    errors: [...write, "forbidden"],
    roles: ["reviewer", "admin"],
  },
  getApproval: {
    ...endpoints.getApproval,
    summary: "Get one approval",
    params: idParams,
    responses: { 200: approvalSchema },
    errors: [...read, "not_found"],
  },
  getApprovalEvents: {
    ...endpoints.getApprovalEvents,
    summary: "Get the history of one approval, oldest first",
    params: idParams,
    query: pageQuery,
    responses: { 200: pageSchema(logEventSchema) },
    errors: [...read, "not_found", "invalid_request"],
  },
  waitApproval: {
    ...endpoints.waitApproval,
    summary: `Wait for an approval to end, at most \`timeout\` seconds (default ${defaultWaitSeconds}); then get it as it stands`,
    params: idParams,
    query: waitQuery,
    responses: { 200: approvalSchema },
    errors: [...read, "not_found", "invalid_request"],
  },
  respond: {
    ...endpoints.respond,
    summary: "Decide or answer; repeating a response with its Idempotency-Key gives the stored result",
    params: idParams,
    headers: z.object({ "idempotency-key": idempotencyKeySchema.optional() }),
    body: respondInputSchema,
    responses: { 200: approvalSchema },
    errors: [...write, ...decide, "idempotency_conflict", "decision_not_allowed", "invalid_args"],
  },
  cancelApproval: {
    ...endpoints.cancelApproval,
    summary: "Withdraw a pending approval: who asked, who owns the run, or an admin",
    params: idParams,
    body: cancelInputSchema,
    responses: { 200: approvalSchema },
    errors: [...write, "not_found", "forbidden", "already_resolved"],
  },
  heartbeat: {
    ...endpoints.heartbeat,
    summary: "Keep the approval of a requester that is still there: its lease restarts",
    params: idParams,
    body: z.strictObject({}),
    responses: { 200: approvalSchema },
    errors: [...write, "not_found", "forbidden", "already_resolved"],
  },
  reassignApproval: {
    ...endpoints.reassignApproval,
    summary:
      "Give the current stage other reviewers: an admin all of them, a reviewer whose turn it is their own place",
    params: idParams,
    body: reassignInputSchema,
    responses: { 200: approvalSchema },
    errors: [...write, "not_found", "not_a_reviewer", "self_approval", "forbidden", "already_resolved"],
  },
  claimApproval: {
    ...endpoints.claimApproval,
    summary: "Show others that you are working on it, for 10 minutes or as long as you say; they can still decide",
    params: idParams,
    body: claimInputSchema,
    responses: { 200: approvalSchema },
    errors: [
      ...write,
      "not_found",
      "not_a_reviewer",
      "self_approval",
      "already_resolved",
      "already_claimed",
      "decision_not_allowed",
    ],
  },
  releaseApproval: {
    ...endpoints.releaseApproval,
    summary: "Give your claim up; an admin anybody's",
    params: idParams,
    body: z.strictObject({}),
    responses: { 200: approvalSchema },
    errors: [...write, "not_found", "forbidden"],
  },
  commentOnApproval: {
    ...endpoints.commentOnApproval,
    summary: "Comment without deciding; the text is in the history",
    params: idParams,
    body: commentInputSchema,
    responses: { 200: approvalSchema },
    errors: [...write, "not_found", "forbidden"],
    roles: ["requester", "reviewer", "admin"],
  },
  consumeApproval: {
    ...endpoints.consumeApproval,
    summary: "Use up the right to execute what was approved, once; repeating it with its Idempotency-Key is safe",
    params: idParams,
    headers: z.object({ "idempotency-key": idempotencyKeySchema.optional() }),
    body: consumeInputSchema,
    responses: { 200: approvalSchema },
    errors: [
      ...write,
      "not_found",
      "forbidden",
      "decision_not_allowed",
      "digest_mismatch",
      "already_consumed",
      "idempotency_conflict",
    ],
  },
  listGrants: {
    ...endpoints.listGrants,
    summary: "List remembered grants, newest first: those you gave; to admins and auditors, all",
    query: pageQuery,
    responses: { 200: pageSchema(grantSchema) },
    errors: [...read, "forbidden", "invalid_request"],
    roles: ["reviewer", "admin", "auditor"],
  },
  revokeGrant: {
    ...endpoints.revokeGrant,
    summary: "Revoke a remembered grant: who gave it, or an admin; from now on people are asked again",
    params: idParams,
    body: z.strictObject({}),
    responses: { 200: grantSchema },
    errors: [...write, "forbidden", "not_found"],
    roles: ["reviewer", "admin"],
  },
  explainPolicy: {
    ...endpoints.explainPolicy,
    summary: "Find out what would become of a request of yours, by which rule or grant; nothing is stored",
    body: approvalRequestSchema,
    responses: { 200: policyExplanationSchema },
    errors: [...write, "forbidden", "invalid_args"],
    roles: ["requester", "reviewer", "admin"],
  },
  getCounts: {
    ...endpoints.getCounts,
    summary: "Get your badge counts",
    responses: { 200: countsSchema },
    errors: read,
  },
  getChanges: {
    ...endpoints.getChanges,
    summary: "Get what changed since a cursor, or a snapshot: the live feed by polling",
    query: z.strictObject({ since: cursorField, limit: limitField }),
    responses: { 200: subscriptionSchema },
    errors: [...read, "invalid_request"],
  },
  listDeliveries: {
    ...endpoints.listDeliveries,
    summary: "List what is, was or couldn't be delivered to people and to what waits for outcomes, newest first",
    query: deliveryQuerySchema,
    responses: { 200: pageSchema(deliverySchema) },
    errors: [...read, "forbidden", "invalid_request"],
    roles: ["admin", "auditor"],
  },
  redeliver: {
    ...endpoints.redeliver,
    summary: "Send a delivery again that was parked or delivered, under the same id",
    params: idParams,
    body: z.strictObject({}),
    responses: { 200: deliverySchema },
    errors: [...write, "not_found", "forbidden", "already_resolved"],
    roles: ["admin"],
  },
  startRun: {
    ...endpoints.startRun,
    summary: "Start a run of a workflow; with a key that was used before, the run started then",
    body: runRequestSchema,
    responses: { 202: runSchema },
    errors: [...write, "forbidden", "idempotency_conflict"],
    roles: ["requester", "reviewer", "admin"],
  },
  listRuns: {
    ...endpoints.listRuns,
    summary: "List runs, newest first, without their steps",
    query: runQuerySchema,
    responses: { 200: pageSchema(runSchema) },
    errors: [...read, "invalid_request"],
  },
  getRun: {
    ...endpoints.getRun,
    summary: "Get one run with its steps",
    params: idParams,
    responses: { 200: runSchema },
    errors: [...read, "not_found"],
  },
  waitRun: {
    ...endpoints.waitRun,
    summary: `Wait for a run to end, at most \`timeout\` seconds (default ${defaultWaitSeconds}); then get it as it stands`,
    params: idParams,
    query: waitQuery,
    responses: { 200: runSchema },
    errors: [...read, "not_found", "invalid_request"],
  },
  retryRun: {
    ...endpoints.retryRun,
    summary: "Let a failed run go on: completed steps keep their results, what it failed with is attempted again",
    params: idParams,
    body: z.strictObject({}),
    responses: { 200: runSchema },
    errors: [...write, "not_found", "forbidden", "already_resolved"],
  },
  cancelRun: {
    ...endpoints.cancelRun,
    summary: "Cancel a run and withdraw its pending approvals",
    params: idParams,
    body: cancelInputSchema,
    responses: { 200: runSchema },
    errors: [...write, "not_found", "forbidden", "already_resolved"],
  },
  sendEvent: {
    ...endpoints.sendEvent,
    summary: "Tell runs that something happened: those that wait for it, and those that will; with an id, once",
    body: eventInputSchema,
    responses: { 201: sentEventSchema, 200: sentEventSchema },
    errors: [...write, "forbidden", "idempotency_conflict"],
    roles: ["requester", "reviewer", "admin"],
  },
} as const satisfies Record<string, Route>;

/** The table's type. */
export type Routes = typeof routes;

/** Name of a route. */
export type RouteName = keyof Routes;
