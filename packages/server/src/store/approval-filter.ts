import type { ApprovalQuery } from "@holdpoint/core";
import { type Expression, expressionBuilder, type SqlBool, sql } from "kysely";
import { searchable, tagEntry } from "./approvals-table.ts";
import type { Tables } from "./tables.ts";

const approvals = expressionBuilder<Tables, "approvals">();

/** The condition that a query's fields put on an approval, other than who may see it. */
export function matches(query: ApprovalQuery): Expression<SqlBool> {
  const { kind, risk, tag, q, source, runId } = query;
  const conditions: Expression<SqlBool>[] = [];
  if (query.status) conditions.push(approvals("approvals.status", "in", query.status));
  if (kind) conditions.push(approvals("approvals.kind", "=", kind));
  if (risk) conditions.push(approvals("approvals.risk", "in", risk));
  if (runId) conditions.push(approvals("approvals.run_id", "=", runId));
  if (source) {
    conditions.push(
      approvals.or([approvals("approvals.engine", "=", source), approvals("approvals.workflow", "=", source)]),
    );
  }
  if (tag) conditions.push(hasTag(tag));
  for (const word of searchable(q ?? "").split(/\s+/)) if (word) conditions.push(contains(word));
  return approvals.and(conditions);
}

/** Whether replacing the tag changes the list: a search that tells upper from lower case in every database. */
function hasTag(tag: string): Expression<SqlBool> {
  return sql<SqlBool>`replace(approvals.tags, ${tagEntry(tag)}, '') <> approvals.tags`;
}

function contains(word: string): Expression<SqlBool> {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return sql<SqlBool>`approvals.search_text like ${pattern} escape '\\'`;
}
