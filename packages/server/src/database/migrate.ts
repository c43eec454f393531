import { HoldpointError } from "@holdpoint/core";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../store/tables.ts";
import { type EngineName, engines } from "./engine.ts";
import { type Migration, migrations } from "./migrations/index.ts";
import { postgresSchema } from "./postgres-database.ts";
import { writeStatistics } from "./sqlite-statistics.ts";

type MigrationTables = { holdpoint_migrations: { name: string; at: string } };

type MigrationDatabase = Kysely<Tables & MigrationTables>;

/** Any number will do; all nodes must use the same. */
const advisoryLock = 4_657_001;

/**
 * Brings the schema up to date, all in one transaction that other processes wait for. Forward only.
 *
 * @throws {HoldpointError} `unavailable` when the database was written by a newer release
 */
export async function migrate(db: Kysely<Tables>, engine: EngineName): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql.raw(engine === "sqlite" ? "begin immediate" : "begin").execute(connection);
    try {
      if (engine === "postgres") await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(connection);
      await applyMissing(connection.withTables<MigrationTables>(), engine);
      await sql.raw("commit").execute(connection);
    } catch (error) {
      await sql.raw("rollback").execute(connection);
      throw error;
    }
  });
}

async function applyMissing(db: MigrationDatabase, engine: EngineName): Promise<void> {
  if (engine === "postgres") await db.schema.createSchema(postgresSchema).ifNotExists().execute();
  const todo = await missing(db, engine);
  for (const migration of todo) {
    await migration.up(db as Kysely<unknown>, engines[engine]);
    await db
      .insertInto("holdpoint_migrations")
      .values({ name: migration.name, at: new Date().toISOString() })
      .execute();
  }
  if (engine === "sqlite" && todo.length > 0) await writeStatistics(db as Kysely<unknown>);
}

async function missing(db: MigrationDatabase, engine: EngineName): Promise<readonly Migration[]> {
  const { text } = engines[engine];
  await db.schema
    .createTable("holdpoint_migrations")
    .ifNotExists()
    .addColumn("name", text, (column) => column.primaryKey().notNull())
    .addColumn("at", text, (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom("holdpoint_migrations").select("name").orderBy("name").execute();
  const unknown = rows.find(({ name }, i) => migrations[i]?.name !== name);
  if (unknown) {
    throw new HoldpointError(
      "unavailable",
      `The database has migration ${unknown.name}, which this release doesn't know: start the newer release instead.`,
    );
  }
  return migrations.slice(rows.length);
}
