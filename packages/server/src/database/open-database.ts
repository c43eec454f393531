import { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { Database, HostDatabase } from "./database.ts";
import { parseDatabaseUrl } from "./database-url.ts";
import { inSchema, openPostgres } from "./postgres-database.ts";
import { openSqliteFile, openSqliteMemory } from "./sqlite-database.ts";

/**
 * Opens a database by URL (`sqlite:./file.db`, `sqlite::memory:`, `postgres://...`), or takes the host's own.
 *
 * @param onError called for what goes wrong in the background: lost connections, which are made again, and checkpoints
 * @throws {HoldpointError} `unavailable`, `invalid_request`, in one line and without secrets
 */
export async function openDatabase(
  database: string | HostDatabase,
  onError: (error: unknown) => void,
): Promise<Database> {
  if (typeof database !== "string") return openHostDatabase(database);
  const location = parseDatabaseUrl(database);
  if (location.engine === "postgres") return openPostgres(location.connectionString, onError);
  return location.memory ? openSqliteMemory() : openSqliteFile(location.filename, onError);
}

/** Kysely queues reads behind a transaction where a dialect has one connection, so one instance does for both. */
function openHostDatabase({ dialect, engine }: HostDatabase): Database {
  const plain = new Kysely<Tables>({ dialect });
  const db = engine === "postgres" ? inSchema(plain) : plain;
  return { engine, writer: db, reader: db, listen: () => undefined, close: () => db.destroy() };
}
