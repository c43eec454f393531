import type { Counts, Viewer } from "@holdpoint/core";
import { expressionBuilder, type Kysely, type SqlBool, sql } from "kysely";
import { fromBody } from "./approvals-table.ts";
import { barringSubjects, mayDecide, visibilityOf } from "./audience.ts";
import type { ApprovalAudienceTable, AudiencePart, Tables } from "./tables.ts";

const audience = expressionBuilder<Tables & { audience: ApprovalAudienceTable }, "audience">();

/** Counts what is pending for a viewer, in one query over indexes that sorts nothing. */
export async function countApprovals(db: Kysely<Tables>, viewer: Viewer): Promise<Counts> {
  const sums = await db
    .selectFrom(tallies(db, viewer).as("tally"))
    .select(({ fn }) => [
      fn.sum("low").as("low"),
      fn.sum("medium").as("medium"),
      fn.sum("high").as("high"),
      fn.sum("critical").as("critical"),
      fn.sum("decidable").as("decidable"),
    ])
    .executeTakeFirstOrThrow();
  const [low, medium, high, critical] = [
    Number(sums.low),
    Number(sums.medium),
    Number(sums.high),
    Number(sums.critical),
  ];
  const pending = low + medium + high + critical;
  return { pending, mine: mayDecide(viewer) ? Number(sums.decidable) : 0, byRisk: { low, medium, high, critical } };
}

/** Approvals that wait for people, over all tenants: a figure for operators. */
export async function countAllPending(db: Kysely<Tables>): Promise<number> {
  const { pending } = await db
    .selectFrom("approvals")
    .select(sql<number>`count(*)`.as("pending"))
    .where(sql<SqlBool>`status = 'pending'`)
    .executeTakeFirstOrThrow();
  return Number(pending);
}

/** Approvals, over all tenants, that have been pending since before the one that {@link staleBound} names. */
export async function countStale(db: Kysely<Tables>, before: string): Promise<number> {
  const { stale } = await db
    .selectFrom("approvals")
    .select(sql<number>`count(*)`.as("stale"))
    .where(sql<SqlBool>`status = 'pending'`)
    .where("id", "<", before)
    .executeTakeFirstOrThrow();
  return Number(stale);
}

/** When the approval was created that has been pending longest, over all tenants. */
export async function oldestPending(db: Kysely<Tables>): Promise<string | undefined> {
  const query = db.selectFrom("approvals").select("body").where(sql<SqlBool>`status = 'pending'`);
  const row = await query.orderBy("id").limit(1).executeTakeFirst();
  return row && fromBody(row).createdAt;
}

/** Rows that add up to the counts. */
function tallies(db: Kysely<Tables>, viewer: Viewer) {
  const visibility = visibilityOf(viewer);
  if (visibility === "all") return everything(db, viewer).unionAll(barred(db, viewer));
  const { subjects } = visibility;
  return reached(db, viewer, subjects, ["decide", "look", "barred"])
    .select([...byRisk, none("decidable")])
    .unionAll(reached(db, viewer, subjects, ["decide"]).select([...noRisk, all]))
    .unionAll(barred(db, viewer).where(({ exists }) => exists(sameApproval(viewer, subjects, ["decide"]))));
}

/** For those who see and may decide everything. */
function everything(db: Kysely<Tables>, viewer: Viewer) {
  return db
    .selectFrom("approvals")
    .select([...byRisk, all])
    .where("tenant_id", "=", viewer.tenantId)
    .where(sql<SqlBool>`status = 'pending'`);
}

/**
 * One row for each approval that reaches the viewer by such a part. When several subjects have one, it is that of the
 * first in the alphabet; the very first of all is known to be that without looking.
 */
function reached(db: Kysely<Tables>, viewer: Viewer, subjects: string[], parts: AudiencePart[]) {
  return pendingRows(db, viewer, subjects, parts).where(({ eb, not, exists, or }) =>
    or([
      eb("audience.subject", "=", subjects.toSorted()[0] ?? ""),
      not(exists(sameApproval(viewer, subjects, parts).whereRef("other.subject", "<", "audience.subject"))),
    ]),
  );
}

/** Takes away what would be the viewer's to decide, had they not asked for it or had their say. */
function barred(db: Kysely<Tables>, viewer: Viewer) {
  return pendingRows(db, viewer, barringSubjects(viewer), ["barred"]).select([
    ...noRisk,
    sql<number>`-count(distinct audience.approval_id)`.as("decidable"),
  ]);
}

function pendingRows(db: Kysely<Tables>, viewer: Viewer, subjects: string[], parts: AudiencePart[]) {
  return db
    .selectFrom("approval_audience as audience")
    .where("audience.tenant_id", "=", viewer.tenantId)
    .where("audience.subject", "in", subjects)
    .where("audience.pending", "=", 1)
    .where("audience.part", "in", parts);
}

/** Rows of these subjects for the approval of a row of `audience`. */
function sameApproval(viewer: Viewer, subjects: string[], parts: AudiencePart[]) {
  return audience
    .selectFrom("approval_audience as other")
    .select("other.approval_id")
    .where("other.tenant_id", "=", viewer.tenantId)
    .where("other.subject", "in", subjects)
    .where("other.pending", "=", 1)
    .whereRef("other.approval_id", "=", "audience.approval_id")
    .where("other.part", "in", parts);
}

const all = sql<number>`count(*)`.as("decidable");

const none = <T extends string>(column: T) => sql<number>`0`.as(column);

const noRisk = [none("low"), none("medium"), none("high"), none("critical")] as const;

/** One pass without sorting, where grouping would sort. */
const byRisk = [
  sql<number>`count(*) filter (where risk = 'low')`.as("low"),
  sql<number>`count(*) filter (where risk = 'medium')`.as("medium"),
  sql<number>`count(*) filter (where risk = 'high')`.as("high"),
  sql<number>`count(*) filter (where risk = 'critical')`.as("critical"),
] as const;
