import type { Approval } from "@holdpoint/core";
import type { Kysely } from "kysely";
import { audienceOf } from "./audience.ts";
import type { AudiencePart, Tables } from "./tables.ts";

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
  await db
    .insertInto("approval_audience")
    .values(entries.map(([subject, part]) => ({ tenant_id, subject, pending, approval_id, part, risk })))
    .execute();
}

async function deleteRows(db: Kysely<Tables>, approval: Approval, subjects: string[]): Promise<void> {
  await db
    .deleteFrom("approval_audience")
    .where("tenant_id", "=", approval.tenantId)
    .where("subject", "in", subjects)
    .where("pending", "=", isPending(approval))
    .where("approval_id", "=", approval.id)
    .execute();
}

/** Once an approval has ended, all that is left to anyone is to look. */
async function endRows(db: Kysely<Tables>, approval: Approval, subjects: string[]): Promise<void> {
  if (subjects.length === 0) return;
  await db
    .updateTable("approval_audience")
    .set({ pending: 0, part: "look" })
    .where("tenant_id", "=", approval.tenantId)
    .where("subject", "in", subjects)
    .where("pending", "=", 1)
    .where("approval_id", "=", approval.id)
    .execute();
}

function isPending({ status }: Approval): number {
  return status === "pending" ? 1 : 0;
}
