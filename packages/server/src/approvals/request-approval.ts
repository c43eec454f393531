import {
  type Approval,
  type ApprovalRequest,
  applyRuling,
  canonicalJson,
  canSee,
  createRuledApproval,
  eventsBetween,
  HoldpointError,
  type Policy,
  type Requester,
  type Ruling,
  routes,
  sha256Hex,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isGrouped, joinGroup } from "../deliveries/approval-groups.ts";
import { queueNotifications } from "../deliveries/queue-notifications.ts";
import { assertRole } from "../identity/assert-role.ts";
import { isoTime } from "../iso-time.ts";
import { grantedApproval } from "../policy/grants.ts";
import { findApprovalByKey, insertApproval } from "../store/approvals-table.ts";
import type { Transaction } from "../store/store.ts";
import { checkJson } from "./check-json.ts";
import { transition } from "./transition.ts";

/** What keys of the approvals that our own runs ask for begin with: the id of a run. */
const runKeys = /^run_/;

/** On whose behalf an approval is requested. */
export interface RequestOrigin {
  tenantId: string;
  /** The caller, who stands in when the request names no requester. */
  viewer?: Viewer;
  /** The person behind the request; default the viewer. */
  ownerId?: string;
  /** The tenant's, as `ctx.policies` gave it before the transaction. */
  policy: Policy | undefined;
}

/** An approval, and whether this request made it or an earlier one with the same key. */
export interface PlacedRequest {
  approval: Approval;
  created: boolean;
}

/**
 * Creates an approval in the caller's transaction, and ends it there when the policy or a remembered grant decides it:
 * nobody comes to see it pending. With a `key` that was used before, it gives the approval made then.
 *
 * @throws {HoldpointError} `invalid_request`, `invalid_args`; `idempotency_conflict` when the key was used with a different body
 */
export async function requestApproval(
  ctx: Context,
  tx: Transaction,
  origin: RequestOrigin,
  request: ApprovalRequest,
): Promise<PlacedRequest> {
  const { tenantId, viewer, ownerId = viewer?.id, policy } = origin;
  const now = isoTime(ctx.clock.now());
  const requestedBy = viewer && requesterOf(viewer);
  const facts = { id: ctx.newId("apr"), tenantId, now, ownerId, requestedBy, viewer, checkJson };
  const { approval, ruling } = createRuledApproval(request, facts, policy);
  const requestHash = request.key === undefined ? undefined : sha256Hex(canonicalJson(request));
  if (!(await insertApproval(tx, approval, requestHash))) return earlierApproval(tx, approval, requestHash, viewer);
  assertResumable(ctx, approval);
  const decided = ruling.verdict === "ask" ? await grantedApproval(tx, approval) : applyRuling(approval, ruling);
  // Only now: whoever changes a grant takes its row before the log, too.
  await tx.append(tenantId, eventsBetween(undefined, approval));
  if (isGrouped(ctx, approval)) await joinGroup(tx, approval);
  tx.afterCommit(() => logFailures(ctx, approval, ruling));
  const placed = await transition(ctx, tx, approval, decided);
  if (placed.status === "pending") await queueNotifications(ctx, tx, placed, "requested");
  return { approval: placed, created: true };
}

/**
 * A viewer's own request, from outside. It can't take the place of one that a run is going to make: their keys are kept
 * for them.
 *
 * @throws {HoldpointError} `forbidden`, and as {@link requestApproval}
 */
export async function requestAsViewer(ctx: Context, viewer: Viewer, request: ApprovalRequest): Promise<PlacedRequest> {
  assertRole(viewer, routes.requestApproval);
  assertNoRunKey(request);
  const { tenantId } = viewer;
  const policy = await ctx.policies.policyOf(tenantId);
  return ctx.store.write((tx) => requestApproval(ctx, tx, { tenantId, viewer, policy }, request));
}

function logFailures({ logger }: Context, { id: approvalId }: Approval, { failures }: Ruling): void {
  for (const { rule, error } of failures) {
    logger.error({ err: error, rule, approvalId }, "a rule of the policy failed; people decide");
  }
}

/** @throws {HoldpointError} `invalid_request` naming a key that only runs may use */
export function assertNoRunKey({ key }: ApprovalRequest): void {
  if (key === undefined || !runKeys.test(key)) return;
  throw new HoldpointError("invalid_request", 'key: must not begin with "run_"; such keys are kept for runs.', [
    { pointer: "/key", message: 'must not begin with "run_"' },
  ]);
}

/**
 * What could never be delivered is refused while somebody is there to mend it.
 *
 * @throws {HoldpointError} `invalid_request` naming `source.ref`
 */
export function assertResumable({ outbox }: Context, { source, tenantId }: Approval): void {
  const problem = source && outbox.resumers.get(source.engine)?.check?.(source, tenantId);
  if (problem === undefined) return;
  throw new HoldpointError("invalid_request", `source.ref: ${problem}`, [{ pointer: "/source/ref", message: problem }]);
}

/** A caller who hits on the key of a request they may not see learns only that it is taken. */
async function earlierApproval(
  tx: Transaction,
  { tenantId, key = "" }: Approval,
  requestHash: string | undefined,
  viewer: Viewer | undefined,
): Promise<PlacedRequest> {
  const earlier = await findApprovalByKey(tx.db, tenantId, key);
  const isTheirs = earlier !== undefined && (!viewer || canSee(earlier.approval, viewer));
  if (isTheirs && earlier.requestHash === requestHash) return { approval: earlier.approval, created: false };
  throw new HoldpointError(
    "idempotency_conflict",
    `The key "${key}" was used for another request; send the same request again, or use another key.`,
  );
}

/** The caller as a requester. */
export function requesterOf({ id, name, kind = "user" }: Viewer): Requester {
  return name === undefined ? { id, kind } : { id, name, kind };
}
