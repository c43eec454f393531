import { sql } from "kysely";
import type { HostDatabase } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { CommitFeed } from "./commit-feed.ts";
import { GroupCommit } from "./group-commit.ts";
import { PostgresWriter } from "./postgres-writer.ts";
import type { Store } from "./store.ts";
import type { Failpoint } from "./writer.ts";

/** How to open a {@link Store}. */
export interface StoreOptions {
  /** `sqlite:./file.db`, `sqlite::memory:`, `postgres://...`, or a database that the host opens itself. */
  database: string | HostDatabase;
  /** Called for what goes wrong in the background: a lost connection, which is made again; a listener that throws. */
  onError?: (error: unknown) => void;
  /** For crash tests. */
  failpoint?: Failpoint;
}

/**
 * Opens the database and brings its schema up to date.
 *
 * @throws {HoldpointError} `unavailable` when the database can't be reached, is in use by another process, or was
 * written by a newer release; `invalid_request` when the URL is not one
 */
export async function openStore({
  database: location,
  onError = () => undefined,
  failpoint,
}: StoreOptions): Promise<Store> {
  const database = await openDatabase(location, onError);
  const { engine, writer: db, reader } = database;
  try {
    await migrate(db, engine);
  } catch (error) {
    await database.close();
    throw error;
  }
  const feed = new CommitFeed(onError);
  const writer =
    engine === "sqlite" ? new GroupCommit(database, feed, failpoint) : new PostgresWriter(db, feed, failpoint);
  database.listen((tenantIds) => feed.publish(tenantIds));
  return {
    engine,
    reader,
    write: (work) => writer.write(work),
    onCommit: (listener) => feed.subscribe(listener),
    async ping() {
      await sql`select 1`.execute(reader);
    },
    async close() {
      await writer.idle();
      await database.close();
    },
  };
}
