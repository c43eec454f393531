import type { Dialect, Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { EngineName } from "./engine.ts";

/**
 * A database that the host opens itself, through any Kysely dialect of SQLite or Postgres. A SQLite one must be ours
 * alone, and how durable its commits are is up to its pragmas. On a Postgres one, other nodes' commits aren't notified;
 * the next poll finds them.
 */
export interface HostDatabase {
  /** Opened and configured by the host; closed by `stop`. */
  dialect: Dialect;
  /** Which SQL the dialect speaks. */
  engine: EngineName;
}

/** An open database. */
export interface Database {
  readonly engine: EngineName;
  /** For transactions. */
  readonly writer: Kysely<Tables>;
  /** For reading committed state. */
  readonly reader: Kysely<Tables>;
  /** Told whenever the writer has committed all that it was given, where somebody wants to know. */
  caughtUp?(): void;
  /** Calls `listener` when other nodes have committed, where the database can tell. */
  listen(listener: (tenantIds: ReadonlySet<string>) => void): void;
  close(): Promise<void>;
}
