import type { Context } from "../context.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { createForgetting } from "../timers/forgetting.ts";
import { forgetEvents, forgetNames, oldestEventAt } from "./sent-events-table.ts";

/** Forgets events some time after they came. */
export function createForgetEvents(ctx: Context, rememberMs: number): DeadlineSource {
  return createForgetting(ctx, {
    keepMs: rememberMs,
    oldestAt: oldestEventAt,
    async forget(tx, at, limit) {
      const count = await forgetEvents(tx, at, limit);
      if (count < limit) await forgetNames(tx);
      return count;
    },
  });
}
