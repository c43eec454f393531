import type { Context } from "../context.ts";
import type { Rouser } from "./claims-table.ts";

/** What writing for a run takes. */
export interface RunServices {
  ctx: Context;
  /** Told of runs that this one starts or ends. */
  rouser: Rouser;
}
