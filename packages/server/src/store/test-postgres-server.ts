import { randomBytes } from "node:crypto";
import pg from "pg";

const postgresUrl = process.env.HOLDPOINT_TEST_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** Whether there is one, which may be required; otherwise says that there is none. */
export async function hasPostgres(): Promise<boolean> {
  if (process.env.HOLDPOINT_REQUIRE_POSTGRES === "1") return true;
  try {
    await query(postgresUrl, "select 1");
    return true;
  } catch {
    process.stderr.write(`Not tested on Postgres: there is none at ${new URL(postgresUrl).host}.\n`);
    return false;
  }
}

/** Creates a database; returns its URL. */
export async function createDatabase(prefix: string): Promise<string> {
  const name = prefix + randomBytes(6).toString("hex");
  await query(postgresUrl, `create database ${name}`);
  return urlOf(name);
}

/** Drops a database, whoever has it open. */
export async function dropDatabase(url: string): Promise<void> {
  await query(postgresUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
}

/** Drops all databases whose names start so, whoever has them open. */
export async function dropDatabases(prefix: string): Promise<void> {
  const names = await query<{ datname: string }>(
    postgresUrl,
    `select datname from pg_database where starts_with(datname, '${prefix}')`,
  );
  for (const { datname } of names) await dropDatabase(urlOf(datname));
}

function urlOf(name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function query<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  return connected(url, async (client) => (await client.query<Row>(statement)).rows);
}

/** Does something on a connection of its own. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
