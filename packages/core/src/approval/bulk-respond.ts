import * as z from "zod";
import type { ErrorCode } from "../error.ts";
import { name, type ShapeOf, text } from "../json/field.ts";
import { errorCodeSchema } from "../wire/error-schema.ts";
import { type DecisionType, maxComment } from "./decision.ts";

/** One approval of a bulk response, as its reviewer saw it. */
export interface BulkItem {
  id: string;
  digest: string;
}

/** The same response to many approvals, each decided on its own. Edits and answers are given one by one. */
export interface BulkRespondInput {
  /** 1 to 200. */
  items: BulkItem[];
  type: Extract<DecisionType, "approve" | "reject">;
  comment?: string;
}

/** What bulk respond says of one item. */
export type BulkResult =
  | { id: string; ok: true }
  | { id: string; ok: false; error: { code: ErrorCode; message: string } };

/** Wire form of {@link BulkRespondInput}. */
export const bulkRespondSchema: z.ZodType<BulkRespondInput> = z.strictObject({
  items: z
    .array(z.strictObject({ id: name(), digest: text(64) } satisfies ShapeOf<BulkItem>))
    .min(1)
    .max(200),
  type: z.enum(["approve", "reject"]),
  comment: text(maxComment).optional(),
} satisfies ShapeOf<BulkRespondInput>);

/** Wire form of {@link BulkResult}. */
export const bulkResultSchema: z.ZodType<BulkResult> = z.discriminatedUnion("ok", [
  z.object({ id: z.string(), ok: z.literal(true) }),
  z.object({
    id: z.string(),
    ok: z.literal(false),
    error: z.object({ code: errorCodeSchema, message: z.string() }),
  }),
]);
