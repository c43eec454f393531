import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** The outbox, and groups of approvals whose outcomes are delivered together. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createDeliveries(db, engine);
  await createGroups(db, engine);
}

async function createDeliveries(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("deliveries")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("cause", text, (column) => column.notNull())
    .addColumn("approval_id", text)
    .addColumn("run_id", text)
    .addColumn("channel", text, (column) => column.notNull())
    .addColumn("destination", text)
    .addColumn("lane", text, (column) => column.notNull())
    .addColumn("position", integer, (column) => column.notNull())
    .addColumn("body", text)
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("attempts", integer, (column) => column.notNull())
    .addColumn("claim", integer, (column) => column.notNull())
    .addColumn("due_at", text)
    .addColumn("error", text)
    .addColumn("ref", text)
    .addColumn("created_at", text, (column) => column.notNull())
    .addColumn("finished_at", text)
    .addColumn("expires_at", text)
    .modifyEnd(clustered)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on("deliveries");
  await index("deliveries_due").columns(["due_at", "id"]).where(sql<boolean>`due_at is not null`).execute();
  await index("deliveries_lane").unique().columns(["lane", "position", "cause"]).execute();
  await index("deliveries_open")
    .columns(["status", "channel"])
    .where(sql<boolean>`status in ('pending', 'parked')`)
    .execute();
  await index("deliveries_tenant").columns(["tenant_id", "id"]).execute();
  await index("deliveries_status").columns(["tenant_id", "status", "id"]).execute();
  await index("deliveries_approval")
    .columns(["tenant_id", "approval_id", "id"])
    .where(sql<boolean>`approval_id is not null`)
    .execute();
  await index("deliveries_expiry").columns(["expires_at", "id"]).where(sql<boolean>`expires_at is not null`).execute();
}

async function createGroups(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("approval_groups")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("engine", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("size", integer)
    .addColumn("members", integer, (column) => column.notNull())
    .addColumn("pending", integer, (column) => column.notNull())
    .addColumn("rounds", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("approval_groups_pk", ["tenant_id", "engine", "key"])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable("approval_group_members")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("engine", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("approval_id", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("approval_group_members_pk", ["tenant_id", "engine", "key", "approval_id"])
    .modifyEnd(clustered)
    .execute();
}
