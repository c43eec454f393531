import { type Dialect, type Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { type Sqlite3Config, Sqlite3Driver } from "./sqlite3-driver.ts";

/** Kysely on the `sqlite3` package. */
export class Sqlite3Dialect implements Dialect {
  readonly #config: Sqlite3Config;

  constructor(config: Sqlite3Config) {
    this.#config = config;
  }

  createDriver(): Sqlite3Driver {
    return new Sqlite3Driver(this.#config);
  }

  createAdapter(): SqliteAdapter {
    return new PooledSqliteAdapter();
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** The driver hands a connection to one user at a time, so Kysely needn't queue for it. */
class PooledSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}
