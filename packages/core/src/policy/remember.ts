import * as z from "zod";
import { duration, type ShapeOf } from "../json/field.ts";
import type { Duration } from "../time/duration.ts";

/** Which requests a grant is for: those with exactly the same arguments, or all for the same action. */
export type GrantMatch = "args" | "action";

/** What a reviewer asks with their yes: give it again without asking. */
export interface Remember {
  /** For this run, for so long (30 days at most), or so many times (1,000 at most). */
  for: "run" | Duration | { times: number };
  /** Default `args`. */
  match?: GrantMatch;
}

/** Wire form of {@link GrantMatch}. */
export const grantMatchSchema: z.ZodType<GrantMatch> = z.enum(["args", "action"]);

/** Wire form of {@link Remember.for}. */
export const grantForSchema: z.ZodType<Remember["for"]> = z.union([
  z.literal("run"),
  duration,
  z.strictObject({ times: z.int().min(1).max(1_000) }),
]);

/** Wire form of {@link Remember}. */
export const rememberSchema: z.ZodType<Remember> = z.strictObject({
  for: grantForSchema,
  match: grantMatchSchema.optional(),
} satisfies ShapeOf<Remember>);
