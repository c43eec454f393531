import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** How often a run was taken over from a worker that was gone, since it last got any further. */
export async function up(db: Kysely<unknown>, { integer }: Engine): Promise<void> {
  await db.schema
    .alterTable("runs")
    .addColumn("recoveries", integer, (column) => column.notNull().defaultTo(0))
    .execute();
}
