import { type Delivery, type DeliveryQuery, defaultLimit, type Page, routes, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { assertRole } from "../identity/assert-role.ts";
import { invalidCursor } from "../invalid-cursor.ts";
import { listDeliveryRows, toDelivery } from "./deliveries-table.ts";

/**
 * A page of the tenant's deliveries, newest first. The cursor is the id of the last one.
 *
 * @throws {HoldpointError} `forbidden`; `invalid_request` naming `cursor`
 */
export async function listDeliveries(ctx: Context, viewer: Viewer, query: DeliveryQuery): Promise<Page<Delivery>> {
  assertRole(viewer, routes.listDeliveries);
  const { limit = defaultLimit, cursor } = query;
  const page = { limit: limit + 1, beforeId: idOf(cursor) };
  const rows = await listDeliveryRows(ctx.store.reader, viewer.tenantId, query, page);
  const items = rows.slice(0, limit).map(toDelivery);
  return rows.length > limit ? { items, nextCursor: items.at(-1)?.id } : { items };
}

function idOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined || /^dlv_\w+$/.test(cursor)) return cursor;
  throw invalidCursor();
}
