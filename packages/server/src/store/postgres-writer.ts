import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import { commitChannel } from "../database/postgres-listener.ts";
import type { CommitFeed } from "./commit-feed.ts";
import { insertEvents } from "./events-table.ts";
import { announceHeads, lockHead } from "./log-heads.ts";
import type { Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";
import { unitOfWork } from "./unit-of-work.ts";
import type { Failpoint, Writer } from "./writer.ts";

const maxAttempts = 8;

/** The writer of Postgres: a transaction per unit of work, read committed with row locks, tried again after a deadlock. */
export class PostgresWriter implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #feed: CommitFeed;
  readonly #failpoint: Failpoint | undefined;
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(db: Kysely<Tables>, feed: CommitFeed, failpoint?: Failpoint) {
    this.#db = db;
    this.#feed = feed;
    this.#failpoint = failpoint;
  }

  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const done = this.#retry(work).finally(() => this.#inFlight.delete(done));
    this.#inFlight.add(done);
    return done;
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }

  async #retry<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#commit(work);
      } catch (error) {
        if (attempt === maxAttempts || !isConflict(error)) throw error;
        await delay(Math.random() * 2 ** attempt);
      }
    }
  }

  async #commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { value, unit } = await this.#db.transaction().execute(async (db) => {
      const unit = unitOfWork({ db, engine: "postgres", findHead: lockHead });
      const value = await work(unit);
      await insertEvents(db, unit.events);
      await announceHeads(db, unit.heads, commitChannel);
      await this.#failpoint?.("before-commit");
      return { value, unit };
    });
    await this.#failpoint?.("after-commit");
    this.#feed.publish(new Set(unit.heads.keys()), unit.listeners);
    return value;
  }
}

/** Serialization failure, deadlock: Postgres has picked this transaction to give way. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "40001" || error.code === "40P01");
}
