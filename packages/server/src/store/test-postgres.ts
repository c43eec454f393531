import type pg from "pg";
import { postgresSchema } from "../database/postgres-database.ts";
import { openStore } from "./open-store.ts";
import type { TestDatabase } from "./test-databases.ts";
import { connected, createDatabase, dropDatabase } from "./test-postgres-server.ts";

/** How long connections may take to end once a test is over. Later ones are a test's leak. */
const leaveMs = 1_000;
/** How much rows that are gone may leave of themselves, in bytes. */
const spareBytes = 4_000_000;

/** An emptied database and what its schema was like before anything used it. */
interface Spare {
  url: string;
  imprint: Imprint;
}

interface Imprint {
  /** Differs once anything but rows has changed. */
  schema: string;
  /** In bytes. */
  size: number;
}

const spares: Spare[] = [];

/** A new database without anything in it; disposing of it drops it. */
export async function newPostgres(prefix: string): Promise<TestDatabase> {
  const url = await createDatabase(prefix);
  return { location: () => url, [Symbol.asyncDispose]: () => dropDatabase(url) };
}

/**
 * A database with our schema and no rows. Making one takes up to ten times as long as most tests, so that what a test has
 * disposed of is emptied for the next one in its process; `dropDatabases` drops it in the end.
 */
export async function sparePostgres(prefix: string): Promise<TestDatabase> {
  const spare = spares.pop() ?? (await makeSpare(prefix));
  return {
    location: () => spare.url,
    async [Symbol.asyncDispose]() {
      if (await emptied(spare)) spares.push(spare);
      else await dropDatabase(spare.url);
    },
  };
}

async function makeSpare(prefix: string): Promise<Spare> {
  const url = await createDatabase(prefix);
  const store = await openStore({ database: url });
  await store.close();
  return { url, imprint: await connected(url, imprintOf) };
}

/** Deletes all rows; false, if the database is in use still, or is not what it was otherwise. */
async function emptied({ url, imprint }: Spare): Promise<boolean> {
  return connected(url, async (client) => {
    if (!(await isLeft(client))) return false;
    const now = await imprintOf(client);
    if (now.schema !== imprint.schema || now.size > imprint.size + spareBytes) return false;
    await client.query(`
      do $$ declare name text; begin
        for name in select tablename from pg_tables where schemaname = '${postgresSchema}' loop
          if name <> 'holdpoint_migrations' then execute format('delete from ${postgresSchema}.%I', name); end if;
        end loop;
      end $$`);
    return true;
  });
}

/** Whether others have gone. A connection shows for a moment after its end. */
async function isLeft(client: pg.Client): Promise<boolean> {
  const deadline = Date.now() + leaveMs;
  do {
    const { rows } = await client.query(
      "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() limit 1",
    );
    if (rows.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 2));
  } while (Date.now() < deadline);
  return false;
}

const catalogs = ["attribute", "attrdef", "class", "constraint", "index", "namespace", "proc", "statistic", "trigger"];

/** Whatever changes a schema, or analyses it, leaves rows of another transaction in a catalog, or fewer of them. */
async function imprintOf(client: pg.Client): Promise<Imprint> {
  const counted = catalogs.map((name) => `select count(*), max(xmin::text::bigint) from pg_${name}`);
  counted.push(`select count(*), max(xmin::text::bigint) from ${postgresSchema}.holdpoint_migrations`);
  const { rows } = await client.query({ text: counted.join(" union all "), rowMode: "array" });
  const [size] = (await client.query("select pg_database_size(current_database())::integer as bytes")).rows;
  return { schema: JSON.stringify(rows), size: size.bytes };
}
