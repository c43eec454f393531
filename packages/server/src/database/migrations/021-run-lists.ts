import type { Kysely } from "kysely";

/**
 * Lists of runs by workflow and by owner, each with or without statuses, from one index apiece: with the status before the
 * id, a list of all statuses is a merge of few reads. All of a tenant are read from the index by status likewise.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const index = (of: string) => db.schema.createIndex(of).on("runs");
  await index("runs_workflow").columns(["tenant_id", "workflow", "status", "id"]).execute();
  await db.schema.dropIndex("runs_tenant").execute();
  await db.schema.dropIndex("runs_owner").execute();
  await index("runs_owner").columns(["tenant_id", "owner_id", "status", "id"]).execute();
}
