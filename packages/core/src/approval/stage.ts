import * as z from "zod";
import { name, type ShapeOf } from "../json/field.ts";

/** Reviewers and the quorum they need. No users and no groups means anyone with the reviewer role. */
export interface Stage {
  name?: string;
  users: string[];
  groups: string[];
  /**
   * How many distinct people must approve, or all who may: all of `users` (for groups: every member, resolved when
   * deciding) except whoever asked. A number that `groups` have too few members for is not noticed: it waits for the
   * timeout, an admin or other reviewers, so let it have a timeout.
   */
  quorum: number | "all";
}

/** Fields of {@link Stage}. */
export const stageShape = {
  name: name(100).optional(),
  users: z.array(name()).max(200),
  groups: z.array(name()).max(50),
  quorum: z.union([z.int().min(1).max(100), z.literal("all")]),
} satisfies ShapeOf<Stage>;
