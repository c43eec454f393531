import { type Approval, canSee, defaultLimit, type LogEvent, type Page, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { invalidCursor } from "../invalid-cursor.ts";
import * as approvals from "../store/approvals-table.ts";
import { eventsOfApproval } from "../store/events-table.ts";

/**
 * One approval.
 *
 * @throws {HoldpointError} `not_found`, also for what the viewer may not see
 */
export async function getApproval(ctx: Context, viewer: Viewer, id: string): Promise<Approval> {
  const approval = await approvals.getApproval(ctx.store.reader, viewer.tenantId, id);
  if (approval && canSee(approval, viewer)) return approval;
  throw approvals.approvalNotFound(id);
}

/**
 * A page of the history of one approval, oldest first. The cursor is the place of the last event in the log.
 *
 * @throws {HoldpointError} `not_found`; `invalid_request` naming `cursor`
 */
export async function approvalEvents(
  ctx: Context,
  viewer: Viewer,
  id: string,
  { limit = defaultLimit, cursor }: { limit?: number; cursor?: string },
): Promise<Page<LogEvent>> {
  const { tenantId } = await getApproval(ctx, viewer, id);
  const after = cursor === undefined ? 0 : placeOf(cursor);
  const events = await eventsOfApproval(ctx.store.reader, tenantId, id, { after, limit: limit + 1 });
  const items = events.slice(0, limit);
  return events.length > limit ? { items, nextCursor: String(items.at(-1)?.seq) } : { items };
}

function placeOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw invalidCursor();
}
