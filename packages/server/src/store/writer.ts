import type { Transaction } from "./store.ts";

/** How units of work become durable. */
export interface Writer {
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Resolves once nothing is in flight. */
  idle(): Promise<void>;
}

/** Places where a crash test can stop the process. */
export type Failpoint = (name: "before-commit" | "after-commit") => void | Promise<void>;
