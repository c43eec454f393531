import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** When claims end. */
export async function up(db: Kysely<unknown>, { text }: Engine): Promise<void> {
  await db.schema.alterTable("approvals").addColumn("claim_until", text).execute();
  await db.schema
    .createIndex("approvals_claim")
    .on("approvals")
    .columns(["claim_until", "id"])
    .where(sql<boolean>`claim_until is not null`)
    .execute();
}
