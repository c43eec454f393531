import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** Approvals and who has a part in them, the log, response keys and API keys. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createApprovals(db, engine);
  await createAudience(db, engine);
  await createLog(db, engine);
  await createKeys(db, engine);
}

async function createApprovals(db: Kysely<unknown>, { text, integer }: Engine): Promise<void> {
  await db.schema
    .createTable("approvals")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("key", text)
    .addColumn("request_hash", text)
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("risk", text, (column) => column.notNull())
    .addColumn("engine", text)
    .addColumn("workflow", text)
    .addColumn("run_id", text)
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("updated_at", text, (column) => column.notNull())
    .addColumn("deadline_at", text, (column) => column.notNull())
    .addColumn("due_at", text)
    .addColumn("tags", text, (column) => column.notNull())
    .addColumn("search_text", text, (column) => column.notNull())
    .addColumn("body", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("approvals_pk", ["tenant_id", "id"])
    .execute();
  const pending = sql<boolean>`status = 'pending'`;
  const index = (name: string) => db.schema.createIndex(name).on("approvals");
  await index("approvals_key").unique().columns(["tenant_id", "key"]).where(sql<boolean>`key is not null`).execute();
  await index("approvals_run").columns(["tenant_id", "run_id", "id"]).where(sql<boolean>`run_id is not null`).execute();
  await index("approvals_pending").columns(["tenant_id", "id", "risk"]).where(pending).execute();
  await index("approvals_deadline").columns(["tenant_id", "deadline_at", "id"]).where(pending).execute();
  await index("approvals_updated").columns(["tenant_id", "updated_at", "id"]).where(pending).execute();
  await index("approvals_ended")
    .columns(["tenant_id", "updated_at", "id"])
    .where(sql<boolean>`status <> 'pending'`)
    .execute();
  await index("approvals_due").columns(["due_at", "id"]).where(sql<boolean>`due_at is not null`).execute();
}

async function createAudience(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("approval_audience")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addColumn("pending", integer, (column) => column.notNull())
    .addColumn("approval_id", text, (column) => column.notNull())
    .addColumn("part", text, (column) => column.notNull())
    .addColumn("risk", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("approval_audience_pk", ["tenant_id", "subject", "pending", "approval_id"])
    .modifyEnd(clustered)
    .execute();
}

async function createLog(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("tenants")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable("events")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("approval_id", text)
    .addColumn("run_id", text)
    .addColumn("actor", text)
    .addColumn("data", text, (column) => column.notNull())
    .addColumn("at", text, (column) => column.notNull())
    .addColumn("prev_hash", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("events_pk", ["tenant_id", "seq"])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createIndex("events_approval")
    .on("events")
    .columns(["tenant_id", "approval_id", "seq"])
    .where(sql<boolean>`approval_id is not null`)
    .execute();
}

async function createKeys(db: Kysely<unknown>, { text, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("response_keys")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("approval_id", text, (column) => column.notNull())
    .addColumn("person_id", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("request_hash", text, (column) => column.notNull())
    .addColumn("at", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("response_keys_pk", ["tenant_id", "approval_id", "person_id", "key"])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable("api_keys")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("hash", text, (column) => column.notNull().unique())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("groups", text, (column) => column.notNull())
    .addColumn("owner_id", text)
    .addColumn("created_at", text, (column) => column.notNull())
    .addColumn("revoked_at", text)
    .execute();
  await db.schema.createIndex("api_keys_tenant").on("api_keys").columns(["tenant_id", "id"]).execute();
}
