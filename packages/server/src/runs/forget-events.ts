import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { forgetEvents, forgetNames, oldestEventAt } from "./sent-events-table.ts";

/** Events forgotten at a time. */
const batch = 500;

/** How often to look for what can be forgotten, in ms: there is no deadline for each event. */
const everyMs = 3_600_000;

/** Forgets events some time after they came. */
export function createForgetEvents(ctx: Context, rememberMs: number): DeadlineSource {
  const next = async () => {
    const oldest = await oldestEventAt(ctx.store.reader);
    if (oldest === undefined) return undefined;
    return isoTime(Math.ceil((Date.parse(oldest) + rememberMs + 1) / everyMs) * everyMs);
  };
  return {
    next,
    async strike(now) {
      const due = await next();
      if (due === undefined || due > now) return false;
      const before = isoTime(Date.parse(now) - rememberMs);
      const forgotten = await ctx.store.write(async (tx) => {
        const count = await forgetEvents(tx, before, batch);
        if (count < batch) await forgetNames(tx);
        return count;
      });
      return forgotten === batch;
    },
  };
}
