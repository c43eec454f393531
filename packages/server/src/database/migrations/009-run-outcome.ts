import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** How the approval ended that closed a run. */
export async function up(db: Kysely<unknown>, { text }: Engine): Promise<void> {
  await db.schema.alterTable("runs").addColumn("outcome", text).execute();
}
