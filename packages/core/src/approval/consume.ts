import * as z from "zod";
import { HoldpointError } from "../error.ts";
import { digest, type ShapeOf } from "../json/field.ts";
import { asJson, withoutUndefined } from "../json/json.ts";
import type { Person, Viewer } from "../viewer.ts";
import type { Act } from "./act.ts";
import type { Approval } from "./approval.ts";
import { approvalEvent } from "./approval-events.ts";
import { isOwn } from "./quorum.ts";
import { changed } from "./transition.ts";

/** What consuming takes. */
export interface ConsumeInput {
  /** `argsDigest` of the arguments about to be executed; left out for an approval without an action. */
  argsDigest?: string;
}

/** Wire form of {@link ConsumeInput}. */
export const consumeInputSchema: z.ZodType<ConsumeInput> = z.strictObject({
  argsDigest: digest.optional(),
} satisfies ShapeOf<ConsumeInput>);

/** Whether a viewer may execute what was approved: the requester, the owner of the run or API key, and admins may. */
function canConsume(approval: Approval, viewer: Viewer): boolean {
  if (approval.tenantId !== viewer.tenantId || viewer.role === "auditor") return false;
  return viewer.role === "admin" || isOwn(approval, viewer.id);
}

/** @throws {HoldpointError} `forbidden` unless the viewer may execute what was approved; see {@link canConsume} */
export function assertCanConsume(approval: Approval, viewer: Viewer): void {
  if (canConsume(approval, viewer)) return;
  throw new HoldpointError("forbidden", "Only the requester or an admin can execute this.");
}

/**
 * Uses up the right to execute, which an approval gives once. Whether the caller may do so is {@link canConsume}'s to say.
 *
 * @throws {HoldpointError} `decision_not_allowed` unless it was approved; `digest_mismatch` for other arguments than
 *   those approved; `already_consumed`
 */
export function applyConsume(approval: Approval, input: ConsumeInput, by: Person, now: string): Act {
  const { outcome, consumedAt, consumedBy } = approval;
  if (!outcome?.approved) {
    const stands = outcome ? `ended as ${outcome.status}` : "is pending";
    const message = `This ${stands}; only what was approved can be executed.`;
    throw new HoldpointError("decision_not_allowed", message, { status: approval.status });
  }
  if (input.argsDigest !== outcome.argsDigest) {
    const message = "These are not the arguments that were approved; execute those of the outcome, unchanged.";
    throw new HoldpointError("digest_mismatch", message, withoutUndefined({ argsDigest: outcome.argsDigest ?? null }));
  }
  if (consumedAt !== undefined) {
    const details = asJson(withoutUndefined({ consumedAt, consumedBy }));
    throw new HoldpointError(
      "already_consumed",
      `This was executed at ${consumedAt}; ask for a new approval.`,
      details,
    );
  }
  const consumed = changed(approval, now, { consumedAt: now, consumedBy: by });
  const data = { argsDigest: outcome.argsDigest };
  return { approval: consumed, events: [approvalEvent("approval.consumed", consumed, data, by)] };
}
