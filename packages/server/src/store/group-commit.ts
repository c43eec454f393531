import { type Kysely, sql } from "kysely";
import type { CommitFeed } from "./commit-feed.ts";
import { type LogHeads, savingHeads } from "./log-heads.ts";
import type { Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";
import { unitOfWork } from "./unit-of-work.ts";
import type { Failpoint, Writer } from "./writer.ts";

/** Commands that share one commit at most; bounds how long the first one waits for the others. */
const maxBatch = 64;

interface Command {
  /** Does the work; returns what tells the caller once it is durable. */
  run(tx: Transaction): Promise<() => void>;
  reject(error: unknown): void;
}

/** A command that was run and what remains to be said about it after the commit. */
interface Attempt {
  listeners: readonly (() => void)[];
  settle: () => void;
}

/**
 * The writer of SQLite: one connection, commands in the order they came. What queued up while a commit was being made
 * goes into the next one together, each command in its own savepoint, so that one sync to disk serves them all.
 */
export class GroupCommit implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #feed: CommitFeed;
  readonly #failpoint: Failpoint | undefined;
  #queue: Command[] = [];
  #draining: Promise<void> | undefined;

  constructor(db: Kysely<Tables>, feed: CommitFeed, failpoint?: Failpoint) {
    this.#db = db;
    this.#feed = feed;
    this.#failpoint = failpoint;
  }

  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async (tx: Transaction) => {
        const value = await work(tx);
        return () => resolve(value);
      };
      this.#queue.push({ run, reject });
      this.#draining ??= this.#drain();
    });
  }

  async idle(): Promise<void> {
    await this.#draining;
  }

  /** Starts a turn later, so that commands given in one go share a commit. */
  async #drain(): Promise<void> {
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, maxBatch);
      try {
        const { heads, attempts } = await this.#db.connection().execute((db) => this.#commit(db, batch));
        this.#feed.publish(
          new Set(heads.keys()),
          attempts.flatMap(({ listeners }) => listeners),
        );
        for (const { settle } of attempts) settle();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#draining = undefined;
  }

  async #commit(db: Kysely<Tables>, batch: readonly Command[]): Promise<Batch> {
    await sql`begin immediate`.execute(db);
    try {
      const done = batch.length === 1 ? await runAlone(db, batch[0] as Command) : await runTogether(db, batch);
      if (done.heads.size > 0) await savingHeads(db, done.heads).execute();
      await this.#failpoint?.("before-commit");
      await sql`commit`.execute(db);
      await this.#failpoint?.("after-commit");
      return done;
    } catch (error) {
      await rollback(db);
      throw error;
    }
  }
}

/** What a commit carries. */
interface Batch {
  heads: LogHeads;
  attempts: Attempt[];
}

async function runAlone(db: Kysely<Tables>, command: Command): Promise<Batch> {
  const unit = unitOfWork(db, "sqlite", new Map());
  const settle = await command.run(unit);
  return { heads: unit.heads, attempts: [{ settle, listeners: unit.listeners }] };
}

/** Savepoints stay open below the next one, which costs less than releasing each; the commit releases all. */
async function runTogether(db: Kysely<Tables>, commands: readonly Command[]): Promise<Batch> {
  const batch: Batch = { heads: new Map(), attempts: [] };
  for (const command of commands) {
    const unit = unitOfWork(db, "sqlite", new Map(batch.heads));
    await sql`savepoint command`.execute(db);
    try {
      const settle = await command.run(unit);
      batch.heads = unit.heads;
      batch.attempts.push({ settle, listeners: unit.listeners });
    } catch (error) {
      await sql`rollback to command`.execute(db);
      batch.attempts.push({ settle: () => command.reject(error), listeners: [] });
    }
  }
  return batch;
}

/** After a full disk or an I/O error SQLite has rolled back by itself and there is nothing left to undo. */
async function rollback(db: Kysely<Tables>): Promise<void> {
  await sql`rollback`.execute(db).catch(() => undefined);
}
