import { CompiledQuery, type Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { Database } from "../database/database.ts";
import { Batch } from "./batch.ts";
import type { CommitFeed } from "./commit-feed.ts";
import { insertEvents } from "./events-table.ts";
import { rememberedApprovals } from "./known-approvals.ts";
import { type FindHead, readHead } from "./log-heads.ts";
import type { LogHead, Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";
import type { Failpoint, Writer } from "./writer.ts";

/** Commands that share one commit at most; bounds how long the first one waits for the others. */
const maxBatch = 64;

/** Tenants whose log's end is remembered. */
const rememberedHeads = 10_000;

const begin = CompiledQuery.raw("begin immediate");
const commit = CompiledQuery.raw("commit");
const savepoint = CompiledQuery.raw("savepoint command");
const undoCommand = CompiledQuery.raw("rollback to command");
const undo = CompiledQuery.raw("rollback");

interface Command {
  /** Does the work; returns what tells the caller once it is durable. */
  run(tx: Transaction): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * The writer of SQLite: one connection, commands in the order they came. What queued up while a commit was being made
 * goes into the next one together, so that one sync to disk serves them all. Should one fail, they are run again, each in
 * a savepoint, so that only that one is undone.
 */
export class GroupCommit implements Writer {
  readonly #database: Pick<Database, "writer" | "caughtUp">;
  readonly #feed: CommitFeed;
  readonly #failpoint: Failpoint | undefined;
  /** Where logs end: nobody but us appends to them. */
  readonly #heads = new LRUCache<string, LogHead>({ max: rememberedHeads });
  /** How approvals stand: nobody but us changes them. */
  readonly #approvals = rememberedApprovals();
  #queue: Command[] = [];
  #draining: Promise<void> | undefined;

  constructor(database: Pick<Database, "writer" | "caughtUp">, feed: CommitFeed, failpoint?: Failpoint) {
    this.#database = database;
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
      const commands = this.#queue.splice(0, maxBatch);
      try {
        const batch = await this.#database.writer.connection().execute((db) => this.#commit(db, commands));
        this.#feed.publish(new Set(batch.heads.keys()), batch.listeners);
        for (const tell of batch.settle) tell();
      } catch (error) {
        for (const { reject } of commands) reject(error);
      }
    }
    this.#draining = undefined;
    this.#database.caughtUp?.();
  }

  /**
   * Failures are rare and savepoints cost as much as any statement, so they are only set after one has shown up. It may show
   * up as late as with the commit, which is when what nobody waits for is written.
   */
  async #commit(db: Kysely<Tables>, commands: readonly Command[]): Promise<Batch> {
    const batch = await this.#attempt(db, commands, runAll).catch((error) => {
      if (commands.length === 1) throw error;
      return this.#attempt(db, commands, runEach);
    });
    await this.#failpoint?.("after-commit");
    return batch;
  }

  async #attempt(db: Kysely<Tables>, commands: readonly Command[], run: RunCommands): Promise<Batch> {
    const batch = new Batch(db, { findHead: this.#findHead, approvals: this.#approvals });
    await db.executeQuery(begin);
    try {
      await run(commands, batch, db);
      await insertEvents(db, batch.events, "later");
      await this.#failpoint?.("before-commit");
      await this.#end(db, batch);
      return batch;
    } catch (error) {
      await rollback(db);
      throw error;
    }
  }

  /** After an error we can't tell what was committed: forget what we remembered. */
  async #end(db: Kysely<Tables>, { heads, approvals }: Batch): Promise<void> {
    try {
      await db.executeQuery(commit);
      for (const [tenantId, head] of heads) this.#heads.set(tenantId, head);
      approvals.keep();
    } catch (error) {
      this.#heads.clear();
      this.#approvals.clear();
      throw error;
    }
  }

  readonly #findHead: FindHead = async (db, tenantId) => this.#heads.get(tenantId) ?? readHead(db, tenantId);
}

/** How the commands of one commit are run. */
type RunCommands = (commands: readonly Command[], batch: Batch, db: Kysely<Tables>) => Promise<void>;

/** Runs commands as one, which fails with the first that does. */
const runAll: RunCommands = async (commands, batch) => {
  for (const command of commands) {
    const unit = batch.begin();
    batch.add(unit, await command.run(unit));
  }
};

/**
 * Runs each command for itself. Savepoints stay open below the next one, which costs less than releasing each; what a
 * command leaves for later is written with the savepoint after it.
 */
const runEach: RunCommands = async (commands, batch, db) => {
  await db.executeQuery(savepoint);
  for (const command of commands) {
    const unit = batch.begin();
    try {
      const settle = await command.run(unit);
      await db.executeQuery(savepoint);
      batch.add(unit, settle);
    } catch (error) {
      await db.executeQuery(undoCommand);
      batch.settle.push(() => command.reject(error));
    }
  }
};

/** After a full disk or an I/O error SQLite has rolled back by itself and there is nothing left to undo. */
async function rollback(db: Kysely<Tables>): Promise<void> {
  await db.executeQuery(undo).catch(() => undefined);
}
