import {
  type ApprovalRequest,
  applyGrant,
  applyRuling,
  createRuledApproval,
  HoldpointError,
  type PolicyExplanation,
  routes,
  type Viewer,
  withoutUndefined,
} from "@holdpoint/core";
import { checkJson } from "../approvals/check-json.ts";
import { assertNoRunKey, assertResumable, requesterOf } from "../approvals/request-approval.ts";
import type { Context } from "../context.ts";
import { assertRole } from "../identity/assert-role.ts";
import { isoTime } from "../iso-time.ts";
import { findGrant } from "./grants.ts";

/**
 * What would become of a request if the viewer made it now; nothing is stored and no grant is used. Whether its `key` was
 * used before isn't looked up.
 *
 * @throws {HoldpointError} `forbidden` for a request in another's name, unless to an admin; `invalid_request`,
 *   `invalid_args`
 */
export async function explainPolicy(
  ctx: Context,
  viewer: Viewer,
  request: ApprovalRequest,
): Promise<PolicyExplanation> {
  assertRole(viewer, routes.explainPolicy);
  const requestedBy = requesterOf(viewer);
  if (viewer.role !== "admin" && (request.requestedBy ?? requestedBy).id !== viewer.id) {
    throw new HoldpointError("forbidden", "Only an admin can try out a request that is made in another's name.");
  }
  assertNoRunKey(request);
  const { id: ownerId, tenantId } = viewer;
  const policy = await ctx.policies.policyOf(tenantId);
  const now = isoTime(ctx.clock.now());
  const facts = { id: ctx.newId("apr"), tenantId, now, ownerId, requestedBy, viewer, checkJson };
  const { approval, ruling } = createRuledApproval(request, facts, policy);
  assertResumable(ctx, approval);
  const { verdict, rule, reason, requiredBy } = ruling;
  const failed = ruling.failures.map((failure) => failure.rule);
  const grant = verdict === "ask" ? await findGrant(ctx.store.reader, approval) : undefined;
  return withoutUndefined<PolicyExplanation>({
    verdict: grant ? "approve" : verdict,
    rule,
    reason,
    grant: grant && { id: grant.id, by: grant.by },
    requiredBy,
    failed,
    approval: grant ? applyGrant(approval, grant) : applyRuling(approval, ruling),
  });
}
