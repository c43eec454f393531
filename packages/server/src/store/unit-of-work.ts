import type { Kysely } from "kysely";
import type { EngineName } from "../database/engine.ts";
import { appendEvents } from "./events-table.ts";
import type { LogHeads } from "./log-heads.ts";
import type { Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A transaction as its writer sees it. */
export interface UnitOfWork extends Transaction {
  /** Heads of the logs appended to, by this unit and by those before it in the same commit. */
  readonly heads: LogHeads;
  readonly listeners: readonly (() => void)[];
}

/** Starts a unit of work on a connection that is in a transaction. */
export function unitOfWork(db: Kysely<Tables>, engine: EngineName, heads: LogHeads): UnitOfWork {
  const listeners: (() => void)[] = [];
  return {
    db,
    engine,
    heads,
    listeners,
    append: (tenantId, events) => appendEvents(db, engine, heads, tenantId, events),
    afterCommit: (listener) => void listeners.push(listener),
  };
}
