import * as z from "zod";
import { duration, type ShapeOf } from "../json/field.ts";
import { type BusinessHours, businessHoursSchema } from "../time/business-hours.ts";
import { type Duration, durationMs, isDuration } from "../time/duration.ts";
import { type LadderRung, ladderRungSchema, type OnTimeout } from "./ladder-rung.ts";

/** What happens to an approval as time passes. */
export interface ApprovalTiming {
  /** Reminders and escalations before the timeout, at different times; stored in the order of time. */
  ladder?: LadderRung[];
  /** Counts from the creation. Default: it waits for ever. */
  timeout?: Duration;
  /** Default `time_out`. Needs a `timeout`. `approve` is for what is asked for here, not for an edit of one of several. */
  onTimeout?: OnTimeout;
  /** When given, `ladder` and `timeout` count the time inside these hours only. */
  businessHours?: BusinessHours;
}

/** Fields of {@link ApprovalTiming}. */
export const timingShape = {
  ladder: z.array(ladderRungSchema).max(20).optional(),
  timeout: duration.optional(),
  onTimeout: z.enum(["time_out", "approve", "reject"]).optional(),
  businessHours: businessHoursSchema.optional(),
} satisfies ShapeOf<ApprovalTiming>;

/** Says what is wrong with a field. */
export type Refuse = (message: string, ...path: PropertyKey[]) => void;

/** The rules that hold between the fields of a timing. */
export function checkTiming({ ladder = [], timeout, onTimeout = "time_out" }: ApprovalTiming, refuse: Refuse): void {
  if (onTimeout !== "time_out" && !timeout) refuse('needs a "timeout"', "onTimeout");
  const times = ladder.map(({ after }) => msOf(after));
  const end = timeout === undefined ? undefined : msOf(timeout);
  for (const [i, rung] of ladder.entries()) {
    const after = times[i];
    if (after === undefined) continue;
    if (times.slice(0, i).includes(after)) refuse("must not be the time of another rung", "ladder", i, "after");
    if (end !== undefined && after >= end) refuse(`must be before the timeout (${timeout})`, "ladder", i, "after");
    if ("escalate" in rung && !rung.escalate.users?.length && !rung.escalate.groups?.length) {
      refuse("must name users or groups", "ladder", i, "escalate");
    }
  }
}

/** Undefined for what is not a duration, which its own field refuses. */
function msOf(duration: Duration): number | undefined {
  return isDuration(duration) ? durationMs(duration) : undefined;
}

/** Wire form of {@link ApprovalTiming}, with the rules that hold between its fields. */
export const approvalTimingSchema: z.ZodType<ApprovalTiming> = z
  .strictObject(timingShape)
  .superRefine((timing, context) =>
    checkTiming(timing, (message, ...path) => context.addIssue({ code: "custom", path, message })),
  );
