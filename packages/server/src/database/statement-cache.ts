import { LRUCache } from "lru-cache";
import type { Database, Statement } from "sqlite3";

/** Prepared statements kept per connection. Queries are built from a fixed set of shapes, so a few hundred hold them all. */
const capacity = 256;

/**
 * Prepared statements of one connection by their SQL, the least recently used finalised first.
 * `Database#all` of `sqlite3` prepares again on every call, which costs as much as running a small statement.
 */
export class StatementCache {
  readonly #database: Database;
  readonly #statements = new LRUCache<string, Statement>({
    max: capacity,
    dispose: (statement) => void statement.finalize(),
  });

  constructor(database: Database) {
    this.#database = database;
  }

  /** The prepared statement for `text`. The connection must not be running it already. */
  async prepare(text: string): Promise<Statement> {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = await prepare(this.#database, text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** Finalises all statements; without it the connection can't be closed. */
  clear(): void {
    this.#statements.clear();
  }
}

function prepare(database: Database, text: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = database.prepare(text, (error) => (error ? reject(error) : resolve(statement)));
  });
}
