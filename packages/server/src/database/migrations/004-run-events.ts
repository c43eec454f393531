import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/** Events sent to runs and what waits for them, child runs, and the log of a run by index. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createSentEvents(db, engine);
  await createWaits(db, engine);
  await extendRuns(db, engine);
}

async function createSentEvents(db: Kysely<unknown>, { text, integer, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("sent_events")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("request_hash", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("data", text, (column) => column.notNull())
    .addColumn("at", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("sent_events_pk", ["tenant_id", "seq"])
    .modifyEnd(clustered)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on("sent_events");
  await index("sent_events_id").unique().columns(["tenant_id", "id"]).execute();
  await index("sent_events_name").columns(["tenant_id", "name", "seq"]).execute();
  await index("sent_events_at").columns(["at", "tenant_id", "seq"]).execute();
  await db.schema
    .createTable("sent_event_keys")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("seq", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("sent_event_keys_pk", ["tenant_id", "name", "key", "seq"])
    .modifyEnd(clustered)
    .execute();
  await db.schema.createIndex("sent_event_keys_seq").on("sent_event_keys").columns(["tenant_id", "seq"]).execute();
}

async function createWaits(db: Kysely<unknown>, { text, clustered }: Engine): Promise<void> {
  await db.schema
    .createTable("event_names")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("paths", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("event_names_pk", ["tenant_id", "name"])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable("event_waits")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("run_id", text, (column) => column.notNull())
    .addColumn("step", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("event_waits_pk", ["tenant_id", "name", "key", "run_id", "step"])
    .modifyEnd(clustered)
    .execute();
  await db.schema.createIndex("event_waits_run").on("event_waits").columns(["run_id", "step"]).execute();
}

async function extendRuns(db: Kysely<unknown>, { text, integer }: Engine): Promise<void> {
  await db.schema.alterTable("steps").addColumn("event", text).execute();
  await db.schema.alterTable("steps").addColumn("event_seq", integer).execute();
  await db.schema.alterTable("steps").addColumn("child_run_id", text).execute();
  await db.schema.alterTable("runs").addColumn("parent_run_id", text).execute();
  await db.schema.alterTable("runs").addColumn("parent_step", text).execute();
  await db.schema
    .alterTable("runs")
    .addColumn("depth", integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex("runs_parent")
    .on("runs")
    .columns(["parent_run_id", "id"])
    .where(sql<boolean>`parent_run_id is not null`)
    .execute();
  await db.schema
    .createIndex("events_run")
    .on("events")
    .columns(["tenant_id", "run_id", "seq"])
    .where(sql<boolean>`run_id is not null`)
    .execute();
}
