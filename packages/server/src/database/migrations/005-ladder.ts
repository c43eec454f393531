import { type Approval, nextDueAt } from "@holdpoint/core";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../../store/tables.ts";

const page = 500;

/** Ladders and leases are due too, and the approvals that have been pending longest are found over all tenants. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex("approvals_oldest")
    .on("approvals")
    .columns(["id"])
    .where(sql<boolean>`status = 'pending'`)
    .execute();
  await scheduleLadders(db as Kysely<Tables>);
}

/** Until now only timeouts were due. */
async function scheduleLadders(db: Kysely<Tables>): Promise<void> {
  for (let after = ""; ; ) {
    const rows = await db
      .selectFrom("approvals")
      .select(["tenant_id", "id", "body"])
      .where(sql<boolean>`status = 'pending'`)
      .where("id", ">", after)
      .orderBy("id")
      .limit(page)
      .execute();
    for (const { tenant_id, id, body } of rows) {
      const approval = JSON.parse(body) as Approval;
      if (approval.ladder.length === 0) continue;
      const due_at = nextDueAt(approval) ?? null;
      await db
        .updateTable("approvals")
        .set({ due_at })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    }
    const last = rows.at(-1);
    if (rows.length < page || !last) return;
    after = last.id;
  }
}
