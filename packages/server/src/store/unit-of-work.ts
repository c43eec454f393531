import type { LogEvent } from "@holdpoint/core";
import type { Kysely } from "kysely";
import type { EngineName } from "../database/engine.ts";
import { chainEvents } from "./events-table.ts";
import { KnownApprovals } from "./known-approvals.ts";
import type { FindHead, LogHeads } from "./log-heads.ts";
import type { Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A transaction as its writer sees it. */
export interface UnitOfWork extends Transaction {
  /** Heads of the logs appended to, by this unit and by those before it in the same commit. */
  readonly heads: LogHeads;
  /** What was appended and is to be written before the commit. */
  readonly events: readonly LogEvent[];
  readonly listeners: readonly (() => void)[];
}

/** What a unit of work is made of. */
export interface UnitOptions {
  /** A connection that is in a transaction. */
  db: Kysely<Tables>;
  engine: EngineName;
  /** Of the units before this one in the same commit. */
  heads?: LogHeads;
  /** As in {@link Transaction}, by them. */
  touched?: Set<string>;
  /** What they leave known. */
  approvals?: KnownApprovals;
  findHead: FindHead;
}

/** Starts a unit of work. */
export function unitOfWork({
  db,
  engine,
  heads: before,
  touched = new Set(),
  approvals,
  findHead,
}: UnitOptions): UnitOfWork {
  const heads = new Map(before);
  const appended: LogEvent[] = [];
  const listeners: (() => void)[] = [];
  return {
    db,
    engine,
    heads,
    events: appended,
    listeners,
    touched,
    approvals: new KnownApprovals(approvals),
    locked: new Map(),
    async append(tenantId, events) {
      if (events.length === 0) return [];
      const chain = chainEvents(tenantId, events, heads.get(tenantId) ?? (await findHead(db, tenantId)));
      heads.set(tenantId, chain.head);
      appended.push(...chain.events);
      return chain.events;
    },
    afterCommit: (listener) => void listeners.push(listener),
  };
}
