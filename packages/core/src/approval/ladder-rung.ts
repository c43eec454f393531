import * as z from "zod";
import { duration, instant, type ShapeOf } from "../json/field.ts";
import type { Duration } from "../time/duration.ts";
import { stageShape } from "./stage.ts";

/** Reviewers to add to the current stage. */
export interface Escalation {
  users?: string[];
  groups?: string[];
  /** Whether those asked so far may only look from now on, if one of the others may decide. Default false. */
  replace?: boolean;
}

/** When a rung is due. */
interface RungTime {
  /** Counts from the approval's creation. */
  after: Duration;
  /** ISO 8601; set by the server where business hours move it, otherwise `after` says it all. */
  at?: string;
}

/** One thing that happens while an approval stays pending. */
export type LadderRung = (RungTime & { remind: true }) | (RungTime & { escalate: Escalation });

/**
 * What happens at the final timeout: the run is told that nobody answered, or the approval counts as yes or no. `approve`
 * is for what was asked for: it becomes `time_out` with an edit that waits for the approval of others.
 */
export type OnTimeout = "time_out" | "approve" | "reject";

const escalationSchema = z.strictObject({
  users: stageShape.users.optional(),
  groups: stageShape.groups.optional(),
  replace: z.boolean().optional(),
} satisfies ShapeOf<Escalation>);

/** Wire form of a {@link LadderRung} as requested. */
export const ladderRungSchema: z.ZodType<LadderRung> = z.union([
  z.strictObject({ after: duration, remind: z.literal(true) }),
  z.strictObject({ after: duration, escalate: escalationSchema }),
]);

/** Wire form of a {@link LadderRung} as answers carry it. */
export const placedRungSchema: z.ZodType<LadderRung> = z.union([
  z.object({ after: duration, at: instant.optional(), remind: z.literal(true) }),
  z.object({ after: duration, at: instant.optional(), escalate: escalationSchema }),
]);
