import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from "kysely";
import type { Database, RunResult, Statement } from "sqlite3";
import { StatementCache } from "./statement-cache.ts";

/** One connection of the `sqlite3` package. Its user runs one statement at a time. */
export class Sqlite3Connection implements DatabaseConnection {
  readonly #database: Database;
  readonly #statements: StatementCache;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = new StatementCache(database);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = await this.#statements.prepare(query.sql);
    const parameters = query.parameters.map(bindable);
    if (returnsRows(query)) {
      const rows = await all<R>(statement, parameters);
      return SelectQueryNode.is(query.query) ? { rows } : { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastID } = await run(statement, parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastID) };
  }

  /** Rows come in one piece: `sqlite3` can't be told to wait between rows. Read in pages instead. */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  close(): Promise<void> {
    this.#statements.clear();
    return new Promise((resolve, reject) => {
      this.#database.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

/** Statements that `run` would leave half done: it steps once. */
const rawWithRows = /^\s*(?:select|with|values|pragma|explain)\b|\breturning\b/i;

function returnsRows({ query, sql }: CompiledQuery): boolean {
  switch (query.kind) {
    case "SelectQueryNode":
      return true;
    case "InsertQueryNode":
    case "UpdateQueryNode":
    case "DeleteQueryNode":
      return "returning" in query && query.returning !== undefined;
    default:
      return rawWithRows.test(sql);
  }
}

/** `sqlite3` doesn't take bigint, and reads undefined as "not bound". */
function bindable(value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : (value ?? null);
}

function all<R>(statement: Statement, parameters: unknown[]): Promise<R[]> {
  return new Promise((resolve, reject) => {
    statement.all<R>(parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

function run(statement: Statement, parameters: unknown[]): Promise<{ changes: number; lastID: number }> {
  return new Promise((resolve, reject) => {
    statement.run(parameters, function (this: RunResult, error: Error | null) {
      if (error) reject(error);
      else resolve({ changes: this.changes, lastID: this.lastID });
    });
  });
}
