import type { Kysely } from "kysely";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import type { DeadlineSource } from "./deadlines.ts";

/** Rows that are of no use some time after a moment that each of them names. */
export interface Forgettable {
  /** How long after that moment, ms. */
  keepMs: number;
  /** The earliest such moment of all tenants, ISO 8601. */
  oldestAt(db: Kysely<Tables>): Promise<string | undefined>;
  /** Removes up to `limit` of those from before `at`; how many there were. */
  forget(tx: Transaction, at: string, limit: number): Promise<number>;
}

/** Rows forgotten at a time. */
const batch = 500;

/** How often to look for what can be forgotten, in ms: there is no deadline for each row. */
const everyMs = 3_600_000;

/** Removes what is of no use any more, a batch in a transaction. */
export function createForgetting(ctx: Context, { keepMs, oldestAt, forget }: Forgettable): DeadlineSource {
  const next = async () => {
    const oldest = await oldestAt(ctx.store.reader);
    if (oldest === undefined) return undefined;
    return isoTime(Math.ceil((Date.parse(oldest) + keepMs + 1) / everyMs) * everyMs);
  };
  return {
    next,
    async strike(now) {
      const due = await next();
      if (due === undefined || due > now) return false;
      const before = isoTime(Date.parse(now) - keepMs);
      return (await ctx.store.write((tx) => forget(tx, before, batch))) === batch;
    },
  };
}
