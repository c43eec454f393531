import type { LogEvent } from "@holdpoint/core";
import { CompiledQuery, type Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { CommitFeed } from "./commit-feed.ts";
import { insertEvents } from "./events-table.ts";
import { type FindHead, type LogHeads, readHead } from "./log-heads.ts";
import type { LogHead, Transaction } from "./store.ts";
import type { Tables } from "./tables.ts";
import { type UnitOfWork, unitOfWork } from "./unit-of-work.ts";
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

/** What a commit carries. */
interface Batch {
  heads: LogHeads;
  touched: Set<string>;
  events: LogEvent[];
  listeners: (() => void)[];
  /** Tell the callers. */
  settle: (() => void)[];
}

/**
 * The writer of SQLite: one connection, commands in the order they came. What queued up while a commit was being made
 * goes into the next one together, so that one sync to disk serves them all. Should one of them fail, they are run anew,
 * each in a savepoint, so that only that one is undone.
 */
export class GroupCommit implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #feed: CommitFeed;
  readonly #failpoint: Failpoint | undefined;
  /** Where logs end: nobody but us appends to them. */
  readonly #heads = new LRUCache<string, LogHead>({ max: rememberedHeads });
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
      const commands = this.#queue.splice(0, maxBatch);
      try {
        const { heads, listeners, settle } = await this.#db.connection().execute((db) => this.#commit(db, commands));
        for (const [tenantId, head] of heads) this.#heads.set(tenantId, head);
        this.#feed.publish(new Set(heads.keys()), listeners);
        for (const tell of settle) tell();
      } catch (error) {
        this.#heads.clear();
        for (const { reject } of commands) reject(error);
      }
    }
    this.#draining = undefined;
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
    await db.executeQuery(begin);
    try {
      const batch = await run(db, commands, this.#findHead);
      await insertEvents(db, batch.events, "later");
      await this.#failpoint?.("before-commit");
      await db.executeQuery(commit);
      return batch;
    } catch (error) {
      await rollback(db);
      throw error;
    }
  }

  readonly #findHead: FindHead = async (db, tenantId) => this.#heads.get(tenantId) ?? readHead(db, tenantId);
}

/** How the commands of one commit are run. */
type RunCommands = (db: Kysely<Tables>, commands: readonly Command[], findHead: FindHead) => Promise<Batch>;

/** Runs commands as one, which fails with the first that does. */
const runAll: RunCommands = async (db, commands, findHead) => {
  const batch = emptyBatch();
  for (const command of commands) {
    const unit = unitOfWork({ db, engine: "sqlite", heads: batch.heads, touched: batch.touched, findHead });
    add(batch, unit, await command.run(unit));
  }
  return batch;
};

/**
 * Runs each command for itself. Savepoints stay open below the next one, which costs less than releasing each; what a
 * command leaves for later is written with the savepoint after it.
 */
const runEach: RunCommands = async (db, commands, findHead) => {
  const batch = emptyBatch();
  await db.executeQuery(savepoint);
  for (const command of commands) {
    const unit = unitOfWork({ db, engine: "sqlite", heads: batch.heads, touched: batch.touched, findHead });
    try {
      const settle = await command.run(unit);
      await db.executeQuery(savepoint);
      add(batch, unit, settle);
    } catch (error) {
      await db.executeQuery(undoCommand);
      batch.settle.push(() => command.reject(error));
    }
  }
  return batch;
};

function emptyBatch(): Batch {
  return { heads: new Map(), touched: new Set(), events: [], listeners: [], settle: [] };
}

function add(batch: Batch, unit: UnitOfWork, settle: () => void): void {
  batch.heads = unit.heads;
  batch.events.push(...unit.events);
  batch.listeners.push(...unit.listeners);
  batch.settle.push(settle);
}

/** After a full disk or an I/O error SQLite has rolled back by itself and there is nothing left to undo. */
async function rollback(db: Kysely<Tables>): Promise<void> {
  await db.executeQuery(undo).catch(() => undefined);
}
