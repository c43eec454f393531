import { HoldpointError } from "@holdpoint/core";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Tables } from "../store/tables.ts";
import type { Database } from "./database.ts";
import { maskPassword } from "./database-url.ts";
import { PostgresListener } from "./postgres-listener.ts";

/** Schema that holds our tables, so that they don't meet those of the host. */
export const postgresSchema = "holdpoint";

/** Object id of the type `bigint`, which `pg` gives as text by default. Ours stay far below 2^53. */
const bigintOid = 20;

/**
 * Connects to Postgres.
 *
 * @throws {HoldpointError} `unavailable` when it can't be reached; the message shows no password
 */
export async function openPostgres(connectionString: string, onError: (error: unknown) => void): Promise<Database> {
  const listener = new PostgresListener(connectionString, onError);
  await listener.start().catch((error) => {
    throw unreachable(connectionString, error);
  });
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 30_000, types: { getTypeParser } });
  pool.on("error", onError);
  // The pool hears only of idle connections; one that is lost between two statements would end the process.
  pool.on("connect", (client) => client.on("error", onError));
  const db = inSchema(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }));
  const close = async () => {
    await listener.stop();
    await db.destroy();
  };
  return { engine: "postgres", writer: db, reader: db, listen: (told) => listener.tell(told), close };
}

/** The same connection, with our schema before every table. */
export function inSchema(db: Kysely<Tables>): Kysely<Tables> {
  return db.withSchema(postgresSchema);
}

const getTypeParser: typeof pg.types.getTypeParser = (oid, format) =>
  oid === bigintOid ? Number : pg.types.getTypeParser(oid, format);

function unreachable(connectionString: string, error: unknown): HoldpointError {
  return new HoldpointError(
    "unavailable",
    `Can't reach the Postgres database ${maskPassword(connectionString)}: ${reasonOf(error)}`,
  );
}

/** A refused connection to a name with two addresses comes without a message, but with a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : error.name;
  return error.message.split("\n", 1)[0] || code;
}
