import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from "kysely";
import type { Database, RunResult, Statement } from "sqlite3";
import { BatchTriggers } from "./batch-triggers.ts";
import { takesLiterals, withLiterals } from "./sqlite-literal.ts";
import { StatementCache } from "./statement-cache.ts";
import type { TimedQuery } from "./timing.ts";

/**
 * One connection of the `sqlite3` package. Its user runs one statement at a time. Every statement is a round trip to
 * another thread, which costs more than most statements: what nobody waits for goes along with the next one. So does the
 * beginning of a transaction, with its first write: what is read before is what was committed, and nobody else writes.
 * A transaction that is nothing but statements nobody waits for becomes a single one.
 */
export class Sqlite3Connection implements DatabaseConnection {
  readonly #database: Database;
  readonly #statements: StatementCache;
  readonly #triggers: BatchTriggers;
  /** Statements that are to be executed before the next one. */
  #waiting: CompiledQuery[] = [];
  /** The beginning of a transaction that has written nothing yet. */
  #beginning: string | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = new StatementCache(database);
    this.#triggers = new BatchTriggers((text) => exec(database, text));
  }

  async executeQuery<R>(query: TimedQuery): Promise<QueryResult<R>> {
    if (this.#defer(query) || this.#beginOrEnd(query)) return { rows: [] };
    if (!this.#mayGoAhead(query) && (await this.#catchUp(query))) return { rows: [] };
    if (returnsRows(query)) {
      const statement = await this.#statements.prepare(query.sql);
      const rows = await all<R>(statement, query.parameters.map(bindable));
      return SelectQueryNode.is(query.query) ? { rows } : { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastID } = await this.#run(query);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastID) };
  }

  /** Rows come in one piece: `sqlite3` can't be told to wait between rows. Read in pages instead. */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  /** Has a statement wait if it may: true if so. */
  #defer(query: TimedQuery): boolean {
    if (query.timing !== "later" || !takesLiterals(query)) return false;
    this.#waiting.push(query);
    return true;
  }

  /** Sees to the limits of transactions that have written nothing yet: true if that is all there is to do. */
  #beginOrEnd({ sql }: CompiledQuery): boolean {
    if (begins.test(sql)) {
      this.#beginning = sql;
      return true;
    }
    const undone = endsUndone.test(sql);
    if (undone) this.#waiting = [];
    if (this.#beginning === undefined || !(undone || (sql === "commit" && this.#waiting.length === 0))) return false;
    this.#beginning = undefined;
    return true;
  }

  #mayGoAhead({ timing, query }: TimedQuery): boolean {
    return timing === "ahead" || (this.#waiting.length === 0 && SelectQueryNode.is(query));
  }

  /** Executes what waits, and `query` too if it is one that goes along: true if so. */
  async #catchUp({ sql }: CompiledQuery): Promise<boolean> {
    const [begin, waiting] = [this.#beginning, this.#waiting];
    if (begin === undefined && waiting.length === 0) return false;
    this.#beginning = undefined;
    this.#waiting = [];
    const whole = begin !== undefined && sql === "commit" ? await this.#triggers.join(waiting) : undefined;
    if (whole) {
      await this.#run(whole).catch((error) => {
        // It has undone itself: the transaction that the caller ends has written nothing.
        this.#beginning = begin;
        throw error;
      });
      return true;
    }
    const goesAlong = boundary.test(sql);
    const texts = [begin ?? [], waiting.map(withLiterals), goesAlong ? sql : []].flat();
    await exec(this.#database, texts.join(";\n"));
    return goesAlong;
  }

  async #run({ sql, parameters }: Pick<CompiledQuery, "sql" | "parameters">): Promise<Changes> {
    const statement = await this.#statements.prepare(sql);
    return run(statement, parameters.map(bindable));
  }

  close(): Promise<void> {
    this.#statements.clear();
    return new Promise((resolve, reject) => {
      this.#database.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

const begins = /^begin\b/i;

/** Statements without values and results, which end a transaction or a part of it. */
const boundary = /^(?:commit|savepoint \w+)$/i;

/** Statements that undo whatever has not been executed yet. */
const endsUndone = /^rollback\b/i;

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

function exec(database: Database, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(text, (error) => (error ? reject(error) : resolve()));
  });
}

function all<R>(statement: Statement, parameters: unknown[]): Promise<R[]> {
  return new Promise((resolve, reject) => {
    statement.all<R>(parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

type Changes = Pick<RunResult, "changes" | "lastID">;

function run(statement: Statement, parameters: unknown[]): Promise<Changes> {
  return new Promise((resolve, reject) => {
    statement.run(parameters, function (this: RunResult, error: Error | null) {
      if (error) reject(error);
      else resolve({ changes: this.changes, lastID: this.lastID });
    });
  });
}
