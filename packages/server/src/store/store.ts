import type { Approval, LogEvent, NewEvent } from "@holdpoint/core";
import type { Kysely } from "kysely";
import type { EngineName } from "../database/engine.ts";
import type { KnownApprovals } from "./known-approvals.ts";
import type { Tables } from "./tables.ts";

/** Where a tenant's log ends. */
export interface LogHead {
  seq: number;
  /** Hash of the last row; 64 zeros when the log is empty. */
  hash: string;
}

/**
 * A unit of work in flight. Table modules (`approvals-table.ts`, `runs-table.ts` ...) are functions of it and hold the SQL;
 * rules live in core.
 */
export interface Transaction {
  readonly db: Kysely<Tables>;
  readonly engine: EngineName;
  /** Approvals that were locked, by id: the version that they have. */
  readonly locked: Map<string, number>;
  /** Approvals as they stand in it, as far as that is known. */
  readonly approvals: KnownApprovals;
  /** Ids of runs, and of approvals with new response keys, that the same commit changes by statements perhaps not executed yet. */
  readonly touched: Set<string>;
  /** Appends to a tenant's log: contiguous `seq`, hash-chained, under the tenant row's lock. */
  append(tenantId: string, events: NewEvent[]): Promise<LogEvent[]>;
  /** Called once the transaction is durable, never when it failed. Must not throw. */
  afterCommit(listener: () => void): void;
}

/** Told after commits (own ones at once, other nodes' by notification) which tenants' logs may have grown. */
export type CommitListener = (tenantIds: ReadonlySet<string>) => void;

/** The database behind everything. */
export interface Store {
  /**
   * Runs `work` in one transaction. Calls that arrive together may share a commit; one that throws undoes only itself.
   * Resolves after the commit is durable. `work` awaits nothing but the database, and may be run again, after a deadlock
   * or because another call in its commit failed: what it does outside the database belongs in `afterCommit`.
   */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** For reading committed state, on connections of its own. */
  readonly reader: Kysely<Tables>;
  readonly engine: EngineName;
  onCommit(listener: CommitListener): () => void;
  /** Rejects when the database can't be reached. */
  ping(): Promise<void>;
  /** Waits for writes in flight, then closes. */
  close(): Promise<void>;
}

/**
 * What is told, in the transaction that ended an approval, so that whatever waits for it in the same database is woken
 * exactly once.
 */
export interface ImmediateResumer {
  /** `source.engine` of the approvals it resumes. */
  readonly engine: string;
  resolved(tx: Transaction, approval: Approval): Promise<void>;
}
