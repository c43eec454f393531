import type { ChildProcess } from "node:child_process";
import sqlite3 from "sqlite3";

/** What a process has used. */
export interface Usage {
  /** Bytes in memory after a garbage collection. */
  rss: number;
  /** Processor time so far. */
  cpuMs: number;
  /** Statements so far that gave rows. */
  reads: number;
}

/** Has this process answer the message "usage" with its {@link Usage}. Wants `--expose-gc`. */
export function answerUsage(): void {
  const reads = countReads();
  process.on("message", (message) => {
    if (message !== "usage") return;
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({ usage: { rss: process.memoryUsage.rss(), cpuMs: (user + system) / 1_000, reads: reads() } });
  });
}

/** Asks a process that {@link answerUsage} was called in. */
export function usageOf(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve) => {
    child.once("message", ({ usage }: { usage: Usage }) => resolve(usage));
    child.send("usage");
  });
}

function countReads(): () => number {
  const { all } = sqlite3.Statement.prototype;
  let reads = 0;
  sqlite3.Statement.prototype.all = function (this: sqlite3.Statement, ...args: Parameters<typeof all>) {
    reads += 1;
    return all.apply(this, args);
  } as typeof all;
  return () => reads;
}
