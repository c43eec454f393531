import * as z from "zod";
import { type Approval, approvalSchema } from "../approval/approval.ts";
import type { ShapeOf } from "../json/field.ts";
import { type Person, personSchema } from "../viewer.ts";

/** What would become of a request. */
export interface PolicyExplanation {
  /** `ask`: people decide. */
  verdict: "ask" | "approve" | "reject";
  /** The rule that would decide. */
  rule?: string;
  /** Why it would reject. */
  reason?: string;
  /** The remembered grant that would decide, and who gave it. */
  grant?: { id: string; by: Person };
  /** Rules that make it stricter. */
  requiredBy: string[];
  /** Rules that can't be judged; `*` for the whole policy. */
  failed: string[];
  /** The approval as people would be asked for it, or as it would have ended. It isn't stored. */
  approval: Approval;
}

/** Wire form of {@link PolicyExplanation}. */
export const policyExplanationSchema: z.ZodType<PolicyExplanation> = z.object({
  verdict: z.enum(["ask", "approve", "reject"]),
  rule: z.string().optional(),
  reason: z.string().optional(),
  grant: z.object({ id: z.string(), by: personSchema }).optional(),
  requiredBy: z.array(z.string()),
  failed: z.array(z.string()),
  approval: approvalSchema,
} satisfies ShapeOf<PolicyExplanation>);
