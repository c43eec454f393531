import * as z from "zod";
import type { Counts } from "../approval/counts.ts";
import type { ShapeOf } from "../json/field.ts";

const count = z.int().min(0);

/** Wire form of {@link Counts}. */
export const countsSchema: z.ZodType<Counts> = z.object({
  pending: count,
  mine: count,
  byRisk: z.object({ low: count, medium: count, high: count, critical: count } satisfies ShapeOf<Counts["byRisk"]>),
} satisfies ShapeOf<Counts>);
