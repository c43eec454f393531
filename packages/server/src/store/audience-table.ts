import type { Approval } from "@holdpoint/core";
import type { Insertable, Kysely } from "kysely";
import { prepared } from "../database/prepared.ts";
import { audienceOf } from "./audience.ts";
import type { ApprovalAudienceTable, AudiencePart, Tables } from "./tables.ts";

/** Writes the audience of a new approval. */
export async function insertAudience(db: Kysely<Tables>, approval: Approval): Promise<void> {
  await insertRows(db, approval, [...audienceOf(approval)]);
}

/** Brings the audience of an approval up to date, touching only what is different. */
export async function saveAudience(db: Kysely<Tables>, before: Approval, after: Approval): Promise<void> {
  const old = audienceOf(before);
  const now = audienceOf(after);
  const ends = isPending(before) !== isPending(after);
  const stays = (subject: string) =>
    old.has(subject) && now.has(subject) && (ends || old.get(subject) === now.get(subject));
  const gone = [...old.keys()].filter((subject) => !stays(subject));
  const come = [...now].filter(([subject]) => !stays(subject));
  if (gone.length > 0) await deleteRows(db, before, gone);
  if (ends) await endRows(db, after, [...now.keys()].filter(stays));
  if (come.length > 0) await insertRows(db, after, come);
}

async function insertRows(db: Kysely<Tables>, approval: Approval, entries: [string, AudiencePart][]): Promise<void> {
  const { tenantId: tenant_id, id: approval_id, risk } = approval;
  const pending = isPending(approval);
  const rows = entries.map(([subject, part]) => ({ tenant_id, subject, pending, approval_id, part, risk }));
  await insertEntries(db, { rows }, "later");
}

async function deleteRows(db: Kysely<Tables>, approval: Approval, subjects: string[]): Promise<void> {
  const { tenantId, id } = approval;
  await deleteEntries(db, { tenantId, id, subjects, pending: isPending(approval) }, "later");
}

/** Once an approval has ended, all that is left to anyone is to look. */
async function endRows(db: Kysely<Tables>, { tenantId, id }: Approval, subjects: string[]): Promise<void> {
  if (subjects.length > 0) await endEntries(db, { tenantId, id, subjects }, "later");
}

const insertEntries = prepared((db, { rows }: { rows: Insertable<ApprovalAudienceTable>[] }) =>
  db.insertInto("approval_audience").values(rows),
);

const deleteEntries = prepared(
  (db, of: { tenantId: string; id: string; subjects: readonly string[]; pending: number }) =>
    db
      .deleteFrom("approval_audience")
      .where("tenant_id", "=", of.tenantId)
      .where("subject", "in", of.subjects)
      .where("pending", "=", of.pending)
      .where("approval_id", "=", of.id),
);

const endEntries = prepared((db, of: { tenantId: string; id: string; subjects: readonly string[] }) =>
  db
    .updateTable("approval_audience")
    .set({ pending: 0, part: "look" })
    .where("tenant_id", "=", of.tenantId)
    .where("subject", "in", of.subjects)
    .where("pending", "=", 1)
    .where("approval_id", "=", of.id),
);

function isPending({ status }: Approval): number {
  return status === "pending" ? 1 : 0;
}
