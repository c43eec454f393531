import { durationMs } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { forgetGrants, oldestGrantEnd } from "../store/grants-table.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { createForgetting } from "../timers/forgetting.ts";

/** How long a grant stays listed after its time is over, ms. The log keeps who gave, used and revoked it. */
export const keepGrantsMs: number = durationMs("30d");

/** Forgets grants some time after they have ended; revoked and used-up ones when they would have. */
export function createForgetGrants(ctx: Context): DeadlineSource {
  return createForgetting(ctx, { keepMs: keepGrantsMs, oldestAt: oldestGrantEnd, forget: forgetGrants });
}
