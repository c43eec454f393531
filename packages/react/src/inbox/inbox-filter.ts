import type { ListFilter } from "@holdpoint/client";

/** The filters of an inbox by name. */
const filters = {
  pending: { status: ["pending"] },
  mine: { status: ["pending"], assignee: "me" },
  highRisk: { status: ["pending"], risk: ["high", "critical"] },
  dueFirst: { status: ["pending"], sort: "deadlineAt" },
  decided: { status: ["approved", "rejected", "answered", "timed_out", "cancelled"], sort: "-updatedAt" },
} satisfies Record<string, ListFilter>;

/** Name of a filter. */
export type InboxFilter = keyof typeof filters;

/** Names of the filters, in the order they are offered. */
export const inboxFilters = Object.keys(filters) as readonly InboxFilter[];

/** What to list for a filter and the words searched for. */
export function listFilterOf(filter: InboxFilter, words: string): ListFilter {
  const q = words.trim();
  return q === "" ? filters[filter] : { ...filters[filter], q };
}
