import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** Runs and their steps. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createRuns(db, engine);
  await createSteps(db, engine);
}

async function createRuns(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("runs")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("key", text)
    .addColumn("request_hash", text)
    .addColumn("workflow", text, (column) => column.notNull())
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("input", text, (column) => column.notNull())
    .addColumn("output", text)
    .addColumn("error", text)
    .addColumn("owner_id", text)
    .addColumn("owner_name", text)
    .addColumn("settled", integer, (column) => column.notNull())
    .addColumn("claim", integer, (column) => column.notNull())
    .addColumn("worker", text)
    .addColumn("lease_until", text)
    .addColumn("wake_at", text)
    .addColumn("created_at", text, (column) => column.notNull())
    .addColumn("updated_at", text, (column) => column.notNull())
    .addColumn("finished_at", text)
    .modifyEnd(clustered)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on("runs");
  await index("runs_key").unique().columns(["tenant_id", "key"]).where(sql<boolean>`key is not null`).execute();
  await index("runs_tenant").columns(["tenant_id", "id"]).execute();
  await index("runs_status").columns(["tenant_id", "status", "id"]).execute();
  await index("runs_owner").columns(["tenant_id", "owner_id", "id"]).execute();
  await index("runs_queue").columns(["status", "id"]).where(sql<boolean>`status in ('queued', 'stranded')`).execute();
  await index("runs_lease").columns(["lease_until", "id"]).where(sql<boolean>`lease_until is not null`).execute();
  await index("runs_wake").columns(["wake_at", "id"]).where(sql<boolean>`wake_at is not null`).execute();
}

async function createSteps(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("steps")
    .addColumn("run_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("position", integer, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("output", text)
    .addColumn("error", text)
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("approval_id", text)
    .addColumn("wake_at", text)
    .addColumn("started_at", text, (column) => column.notNull())
    .addColumn("finished_at", text)
    .addColumn("settled", integer)
    .addPrimaryKeyConstraint("steps_pk", ["run_id", "name"])
    .modifyEnd(clustered)
    .execute();
}
