import { stat } from "node:fs/promises";
import { CompiledQuery, type Kysely, sql } from "kysely";
import type { Tables } from "../store/tables.ts";

/** Commits between two checkpoints: when they are those of decisions, the write-ahead log grows by some 600 pages. */
const commitsBetween = 32;

/** How long nothing is committed before it counts as quiet, in ms. */
const quietMs = 1_000;

/** What that log's file may weigh when it is quiet, in bytes. */
const shortLog = 1_000_000;

/** A SQLite file in WAL mode. */
export interface CheckpointedFile {
  /** Has connections of its own. */
  reader: Kysely<Tables>;
  writer: Kysely<Tables>;
  /** Of the writer, in ms. */
  busyTimeout: number;
  /** Told when a checkpoint fails; SQLite makes one itself when the log gets too long. */
  onError: (error: unknown) => void;
}

/**
 * Copies SQLite's write-ahead log into the database between commits. By itself SQLite does so within the commit that makes
 * it too long, which takes ten times as long as others. Where one commit follows the other it still does: both at once
 * would only take longer.
 *
 * When it is quiet the log's file is emptied: saves the next decision about 1 ms. A long one is written over from its
 * beginning, and once the operating system has forgotten what was there, it reads every page of it from the disk before
 * it writes there.
 */
export class SqliteCheckpoints {
  readonly #file: CheckpointedFile;
  /** Those since the last checkpoint that no other followed at once. */
  #commits = 0;
  #quiet: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(file: CheckpointedFile) {
    this.#file = file;
  }

  /** Told whenever the writer has committed all that it was given. */
  caughtUp(): void {
    this.#commits += 1;
    this.#quiet ??= setTimeout(() => this.#run(() => this.#shorten()), quietMs).unref();
    this.#quiet.refresh();
    if (this.#commits >= commitsBetween) this.#run(() => this.#copy());
  }

  /** Makes no more checkpoints; resolves when none is being made. */
  async end(): Promise<void> {
    clearTimeout(this.#quiet);
    await this.#running;
  }

  #run(checkpoint: () => Promise<void>): void {
    this.#running ??= checkpoint()
      .catch(this.#file.onError)
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Waits for nobody, and nobody for it. */
  async #copy(): Promise<void> {
    this.#commits = 0;
    await this.#file.reader.executeQuery(CompiledQuery.raw("pragma wal_checkpoint(passive)"));
  }

  async #shorten(): Promise<void> {
    const { reader, writer, busyTimeout } = this.#file;
    if ((await logSize(reader)) <= shortLog) return;
    await this.#copy();
    // The writer does it: after another connection did, the writer would have to read its cached pages again.
    await writer.connection().execute(async (db) => {
      // Readers that are at work are in its way, and decisions don't wait for them.
      await db.executeQuery(CompiledQuery.raw("pragma busy_timeout = 0"));
      try {
        await db.executeQuery(CompiledQuery.raw("pragma wal_checkpoint(truncate)"));
      } finally {
        await db.executeQuery(CompiledQuery.raw(`pragma busy_timeout = ${busyTimeout}`));
      }
    });
  }
}

/** In bytes. The log lies beside the file itself, which may have been opened through a link. */
async function logSize(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list where name = 'main'`.execute(db);
  const { size } = await stat(`${rows[0]?.file}-wal`);
  return size;
}
