import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** What a delivery was tried before it was queued again. */
export async function up(db: Kysely<unknown>, { integer }: Engine): Promise<void> {
  await db.schema
    .alterTable("deliveries")
    .addColumn("earlier_attempts", integer, (column) => column.notNull().defaultTo(0))
    .execute();
}
