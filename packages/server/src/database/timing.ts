import type { CompiledQuery } from "kysely";

/**
 * When a statement is executed, where that is left to the connection:
 *
 * - `later`: nobody wants its result; it may go along with the transaction's next statement, its commit at the latest.
 *   Its result is empty then.
 * - `ahead`: it doesn't depend on those that are to be executed later, so that they needn't be executed before it.
 */
export type Timing = "later" | "ahead";

/** A statement with its timing. Connections without a round trip to another thread execute all at once. */
export interface TimedQuery<R = unknown> extends CompiledQuery<R> {
  timing?: Timing;
}
