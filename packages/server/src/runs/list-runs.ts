import { defaultLimit, type Page, type Run, type RunQuery, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { invalidCursor } from "../invalid-cursor.ts";
import { visibleRuns } from "./run-access.ts";
import { listRuns } from "./run-list.ts";
import { toRun } from "./run-record.ts";

/**
 * A page of the runs that a viewer can see, newest first, without their steps.
 *
 * @throws {HoldpointError} `invalid_request` naming `cursor`
 */
export async function runsPage(ctx: Context, viewer: Viewer, query: RunQuery): Promise<Page<Run>> {
  const { limit = defaultLimit, cursor } = query;
  const page = { limit: limit + 1, ...(cursor !== undefined && { beforeId: decode(cursor) }) };
  const rows = await listRuns(ctx.store.reader, scopeOf(viewer, query), query, page);
  const items = rows.slice(0, limit).map((row) => toRun(row));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return last ? { items, nextCursor: encode(last.id) } : { items };
}

function scopeOf(viewer: Viewer, { owner }: RunQuery) {
  return owner === "me" ? { tenantId: viewer.tenantId, ownerId: viewer.id } : visibleRuns(viewer);
}

function encode(id: string): string {
  return Buffer.from(id).toString("base64url");
}

function decode(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString();
  if (/^run_\w+$/.test(id)) return id;
  throw invalidCursor();
}
