import type { LogEvent } from "@holdpoint/core";
import type { Kysely } from "kysely";
import { type ApprovalBodies, KnownApprovals } from "./known-approvals.ts";
import type { FindHead, LogHeads } from "./log-heads.ts";
import type { Tables } from "./tables.ts";
import { type UnitOfWork, unitOfWork } from "./unit-of-work.ts";

/** What is known of the database before a commit. */
export interface Committed {
  findHead: FindHead;
  approvals: ApprovalBodies;
}

/** What one commit of SQLite carries: units of work one after the other, each seeing what those before it have done. */
export class Batch {
  readonly approvals: KnownApprovals;
  readonly events: LogEvent[] = [];
  readonly listeners: (() => void)[] = [];
  /** Tell the callers. */
  readonly settle: (() => void)[] = [];
  heads: LogHeads = new Map();
  readonly #db: Kysely<Tables>;
  readonly #findHead: FindHead;
  readonly #touched = new Set<string>();

  /** @param db a connection that is in a transaction */
  constructor(db: Kysely<Tables>, { findHead, approvals }: Committed) {
    this.#db = db;
    this.#findHead = findHead;
    this.approvals = new KnownApprovals(approvals);
  }

  begin(): UnitOfWork {
    const { heads, approvals } = this;
    return unitOfWork({
      db: this.#db,
      engine: "sqlite",
      heads,
      approvals,
      touched: this.#touched,
      findHead: this.#findHead,
    });
  }

  /** Takes in a unit that has succeeded; `settle` tells its caller once it is durable. */
  add(unit: UnitOfWork, settle: () => void): void {
    this.heads = unit.heads;
    unit.approvals.keep();
    this.events.push(...unit.events);
    this.listeners.push(...unit.listeners);
    this.settle.push(settle);
  }
}
