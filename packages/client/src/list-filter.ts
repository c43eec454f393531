import type { ApprovalQuery } from "@holdpoint/core";

/** Which approvals a list shows: the server's query without its paging; `limit` is how many are loaded at a time. */
export type ListFilter = Omit<ApprovalQuery, "cursor">;

/** The list that snapshots and initial data are the first page of. */
export const snapshotFilter: ListFilter = { status: ["pending"] };

/** Equal for filters that make the same list, however they are written. */
export function filterKey({ limit: _limit, sort = "-createdAt", ...filter }: ListFilter): string {
  const fields = Object.entries({ ...filter, sort })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : value])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify(fields);
}
