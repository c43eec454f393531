import * as z from "zod";
import { duration, listOf, name, type ShapeOf, text, wholeNumber } from "../json/field.ts";
import type { Duration } from "../time/duration.ts";
import { type ApprovalKind, type ApprovalStatus, approvalStatusSchema, type Risk, riskSchema } from "./approval.ts";

/** Orders of a list; a minus means descending. */
export type ApprovalSort = "-createdAt" | "createdAt" | "deadlineAt" | "-updatedAt";

/** Which approvals to list. Fields narrow; several values of one field widen. */
export interface ApprovalQuery {
  status?: ApprovalStatus[];
  kind?: ApprovalKind;
  risk?: Risk[];
  tag?: string;
  /** Words to find in title, message and action name; all of them, in any order and case. */
  q?: string;
  /** Only what the viewer's own response can move on now. */
  assignee?: "me";
  /** Engine or workflow name. */
  source?: string;
  runId?: string;
  /** Only what has been pending for at least this long. */
  stale?: Duration;
  /** Default `-createdAt`: newest first. `deadlineAt` puts what ends soonest first, what waits for ever last. */
  sort?: ApprovalSort;
  /** 1 to 200, default 50. */
  limit?: number;
  cursor?: string;
}

/** Entries of a page unless a query says otherwise. */
export const defaultLimit = 50;
const maxLimit = 200;

/** Entries of a page. */
export const limitField: z.ZodOptional<z.ZodType<number>> = wholeNumber(1, maxLimit).optional();

/** An opaque position in a list. */
export const cursorField: z.ZodOptional<z.ZodType<string>> = text(1_000).optional();

/** Wire form of {@link ApprovalQuery}; takes the values of a query string too (text, comma lists, repeated names). */
export const approvalQuerySchema: z.ZodType<ApprovalQuery> = z.strictObject({
  status: listOf(approvalStatusSchema).optional(),
  kind: z.enum(["approval", "question"]).optional(),
  risk: listOf(riskSchema).optional(),
  tag: name(64).optional(),
  q: text(200).optional(),
  assignee: z.literal("me").optional(),
  source: name().optional(),
  runId: name().optional(),
  stale: duration.optional(),
  sort: z.enum(["-createdAt", "createdAt", "deadlineAt", "-updatedAt"]).optional(),
  limit: limitField,
  cursor: cursorField,
} satisfies ShapeOf<ApprovalQuery>);
