import * as z from "zod";
import { name, type ShapeOf } from "../json/field.ts";

/** Whether members of a group are delivered together or each on its own. */
export interface ApprovalGroup {
  /** Names the group among those of the same owner and engine. */
  key: string;
  mode: "all" | "each";
  /**
   * How many members there will be; with `all`, nothing is delivered before that many have ended. Without it, those that
   * are there are delivered as soon as none of them is pending; later ones make another round.
   */
  size?: number;
}

/** Members of a group that are delivered together at most. */
export const maxGroupSize = 1_000;

/** Wire form of {@link ApprovalGroup}. */
export const approvalGroupSchema: z.ZodType<ApprovalGroup> = z.strictObject({
  key: name(),
  mode: z.enum(["all", "each"]),
  size: z.int().min(1).max(maxGroupSize).optional(),
} satisfies ShapeOf<ApprovalGroup>);
