import { firstIdAt, type RunQuery, type RunStatus, runStatuses } from "@holdpoint/core";
import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { VisibleRuns } from "./run-access.ts";
import type { RunRow } from "./run-record.ts";

type RunFilter = Omit<RunQuery, "owner" | "limit" | "cursor">;

/**
 * Runs newest first, those before `beforeId`.
 *
 * Every index that a list is read from has the status before the id: a list of several statuses, or of all, merges one
 * short read of the index for each, and then looks up no more rows than it gives. By key or parent there are few anyhow.
 * Of an owner's runs of one workflow it looks at all that the owner has.
 */
export async function listRuns(
  db: Kysely<Tables>,
  visible: VisibleRuns,
  filter: RunFilter,
  page: { limit: number; beforeId?: string },
): Promise<RunRow[]> {
  const [first, ...others] = readsOf(filter).map((status) => {
    const read = idsIn(db, visible, { ...filter, status }, page.beforeId)
      .orderBy("id", "desc")
      .limit(page.limit);
    return db.selectFrom(read.as("read")).select("id");
  });
  if (!first) return [];
  const union = others.reduce((merged, read) => merged.unionAll(read), first);
  const ids = union.orderBy("id", "desc").limit(page.limit);
  return db.selectFrom("runs").selectAll().where("id", "in", ids).orderBy("id", "desc").execute();
}

/** The statuses of each read that makes up a list; undefined stands for any. */
function readsOf({ status, key, parentRunId }: RunFilter): (RunStatus[] | undefined)[] {
  if (key !== undefined || parentRunId !== undefined) return [status];
  return [...new Set(status ?? runStatuses)].map((each) => [each]);
}

function idsIn(db: Kysely<Tables>, visible: VisibleRuns, filter: RunFilter, beforeId: string | undefined) {
  const { status, workflow, key, parentRunId } = filter;
  const { from, to } = idsOf(filter, beforeId);
  let rows = db.selectFrom("runs").select("id").where("tenant_id", "=", visible.tenantId);
  if (visible.ownerId !== undefined) rows = rows.where("owner_id", "=", visible.ownerId);
  if (status) rows = rows.where("status", "in", status);
  if (workflow !== undefined) rows = rows.where("workflow", "=", workflow);
  if (key !== undefined) rows = rows.where("key", "=", key);
  if (parentRunId !== undefined) rows = rows.where("parent_run_id", "=", parentRunId);
  if (from !== undefined) rows = rows.where("id", ">=", from);
  if (to !== undefined) rows = rows.where("id", "<", to);
  return rows;
}

/** Ids carry the time of creation, so that times bound them as the page before does; one bound a side, for one index range. */
function idsOf({ createdAfter, createdBefore }: RunFilter, beforeId: string | undefined) {
  const ends = [beforeId, createdBefore && idAt(createdBefore)].filter((end) => end !== undefined);
  return { from: createdAfter && idAt(createdAfter), to: ends.sort()[0] };
}

function idAt(instant: string): string {
  return firstIdAt("run", Date.parse(instant));
}
