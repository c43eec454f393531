import * as z from "zod";
import { duration, type ShapeOf } from "../json/field.ts";
import { durationMs, isDuration } from "../time/duration.ts";
import type { StepOptions } from "./workflow.ts";

/** Longer than this no timer can run, and no step should: what takes that long is a wait. */
const longestTimeoutMs = durationMs("24d");

/** Checks how a step is to behave. */
export const stepOptionsSchema: z.ZodType<StepOptions> = z.strictObject({
  retries: z.int().min(0).optional(),
  backoff: duration.optional(),
  timeout: duration
    .refine(
      (timeout) => !isDuration(timeout) || durationMs(timeout) <= longestTimeoutMs,
      "must be at most 24 days; longer waits are for run.sleep and gates",
    )
    .optional(),
} satisfies ShapeOf<StepOptions>);
