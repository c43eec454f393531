import type { Database, Statement } from "sqlite3";

/** Prepared statements kept per connection. Queries are built from a fixed set of shapes, so a few hundred hold them all. */
const capacity = 256;

/**
 * Prepared statements of one connection by their SQL, the least recently used finalised first.
 * `Database#all` of `sqlite3` prepares anew on every call, which costs as much as running a small statement.
 */
export class StatementCache {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The prepared statement for `text`. The connection must not be running it already. */
  async prepare(text: string): Promise<Statement> {
    const statement = this.#statements.get(text) ?? (await prepare(this.#database, text));
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    if (this.#statements.size > capacity) this.#finalizeOldest();
    return statement;
  }

  /** Finalises all statements; without it the connection can't be closed. */
  clear(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
  }

  #finalizeOldest(): void {
    for (const [text, statement] of this.#statements) {
      statement.finalize();
      this.#statements.delete(text);
      return;
    }
  }
}

function prepare(database: Database, text: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = database.prepare(text, (error) => (error ? reject(error) : resolve(statement)));
  });
}
