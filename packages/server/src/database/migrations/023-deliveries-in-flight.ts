import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** Tells deliveries that are being tried from those that wait to be. */
export async function up(db: Kysely<unknown>, { integer }: Engine): Promise<void> {
  await db.schema
    .alterTable("deliveries")
    .addColumn("in_flight", integer, (column) => column.notNull().defaultTo(0))
    .execute();
}
