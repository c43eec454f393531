import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** Where the result of a step that is attempted again comes in the order of results. */
export async function up(db: Kysely<unknown>, { integer }: Engine): Promise<void> {
  await db.schema.alterTable("steps").addColumn("turn", integer).execute();
}
