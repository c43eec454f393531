import * as z from "zod";
import { digest, instant, json, name, type ShapeOf, text } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import { type Remember, rememberSchema } from "../policy/remember.ts";
import { type Person, personSchema } from "../viewer.ts";

/** The kinds of response a reviewer can give. */
export type DecisionType = "approve" | "edit" | "reject" | "answer";

/** The surface a decision came through. `policy` and `timeout` decisions were made by rules, not people. */
export type DecisionSource = "ui" | "slack" | "email" | "api" | "policy" | "timeout";

/** One reviewer's response, as recorded. */
export interface Decision {
  /** `dec_` + 26 characters, sortable by time. */
  id: string;
  type: DecisionType;
  /** The reviewer; Holdpoint itself for a policy's or a timeout's decision. */
  by: Person;
  via: DecisionSource;
  /** ISO 8601, from the server's clock. */
  at: string;
  /** Index of the stage that the decision counted for. */
  stage: number;
  /** Revision that the decision counts for: the one that the reviewer saw, or the one that their edit opened. */
  revision: number;
  /** Digest of what the reviewer saw; null when the caller did not say (the short form). */
  digest: string | null;
  /** The edited arguments, for `edit`. */
  args?: Json;
  /** The answer, for `answer`. */
  answer?: Json;
  /** The reviewer's words, at most 4,000 characters; a rejection's or an answer's is the outcome's `reason`. */
  comment?: string;
  /** Those of the stage's groups that the reviewer was in, kept where the stage needs somebody of each. */
  groups?: string[];
  /** Name of the policy's rule that decided, for `via: "policy"`. */
  rule?: string;
  /** The remembered grant that decided, and who gave it, for `via: "policy"`. */
  grant?: { id: string; by: Person };
  /** Id of the grant that this decision gave. */
  remembered?: string;
}

/** How an approval can end. */
export type OutcomeStatus = "approved" | "rejected" | "answered" | "timed_out" | "cancelled";

/** How an approval ended. */
export interface Outcome {
  status: OutcomeStatus;
  /** Whether the action may go ahead; also true for a time-out whose `onTimeout` approves. */
  approved: boolean;
  /** The arguments to execute, edited or as requested; absent unless approved. */
  args?: Json;
  /** Present where those arguments are others than were asked for, whoever edited them. */
  edited?: true;
  /** The answer to a question. */
  answer?: Json;
  /** The comment of a rejection or an answer, or why the approval was cancelled. */
  reason?: string;
  /** Everyone who approved, or whoever rejected, answered or cancelled. Empty when it timed out undecided. */
  decidedBy: Person[];
  /** Whether reviewers were added by the ladder before the end. */
  escalated: boolean;
  /** SHA-256 of the canonical JSON of `args`, to be checked where the action executes. */
  argsDigest?: string;
  /** ISO 8601. */
  at: string;
}

/** A response in the full form. `digest` says what the reviewer saw. */
export interface DecisionInput {
  type: DecisionType;
  /** The approval's digest as the reviewer was shown it; another one by now is refused with `digest_mismatch`. */
  digest: string;
  /** The edited arguments, required for `edit`. */
  args?: Json;
  /** Required for `answer`. */
  answer?: Json;
  /** At most 4,000 characters. */
  comment?: string;
  /** Give this approval again without asking; only with what this reviewer can approve alone. */
  remember?: Remember;
}

/** A response in the short form, for callers that only say yes or no (a webhook, a script). */
export interface YesNoInput {
  approved: boolean;
  reason?: string;
}

/** What `respond` takes. */
export type RespondInput = DecisionInput | YesNoInput;

/** Characters in a comment or reason. */
export const maxComment = 4_000;

/** Wire form of {@link DecisionType}. */
export const decisionTypeSchema: z.ZodType<DecisionType> = z.enum(["approve", "edit", "reject", "answer"]);

/** Wire form of {@link Decision}. */
export const decisionSchema: z.ZodType<Decision> = z.object({
  id: z.string(),
  type: decisionTypeSchema,
  by: personSchema,
  via: z.enum(["ui", "slack", "email", "api", "policy", "timeout"]),
  at: instant,
  stage: z.int().min(0),
  revision: z.int().min(1),
  digest: z.string().nullable(),
  args: json.optional(),
  answer: json.optional(),
  comment: z.string().optional(),
  groups: z.array(z.string()).optional(),
  rule: z.string().optional(),
  grant: z.object({ id: z.string(), by: personSchema }).optional(),
  remembered: z.string().optional(),
} satisfies ShapeOf<Decision>);

/** Every {@link OutcomeStatus}. */
export const outcomeStatuses: readonly ["approved", "rejected", "answered", "timed_out", "cancelled"] = [
  "approved",
  "rejected",
  "answered",
  "timed_out",
  "cancelled",
];

/** Wire form of {@link Outcome}. */
export const outcomeSchema: z.ZodType<Outcome> = z.object({
  status: z.enum(outcomeStatuses),
  approved: z.boolean(),
  args: json.optional(),
  edited: z.literal(true).optional(),
  answer: json.optional(),
  reason: z.string().optional(),
  decidedBy: z.array(personSchema),
  escalated: z.boolean(),
  argsDigest: z.string().optional(),
  at: instant,
} satisfies ShapeOf<Outcome>);

const comment = text(maxComment).optional();

const decisionInputSchema: z.ZodType<DecisionInput> = z
  .strictObject({
    type: decisionTypeSchema,
    digest,
    args: json.optional(),
    answer: json.optional(),
    comment,
    remember: rememberSchema.optional(),
  } satisfies ShapeOf<DecisionInput>)
  .superRefine((input, context) => {
    if (input.remember && input.type !== "approve" && input.type !== "edit") {
      context.addIssue({ code: "custom", path: ["remember"], message: "goes only with an approval" });
    }
    for (const [field, type] of [
      ["args", "edit"],
      ["answer", "answer"],
    ] as const) {
      if ((input[field] !== undefined) !== (input.type === type)) {
        const message = input.type === type ? `is required to ${type}` : `goes only with type "${type}"`;
        context.addIssue({ code: "custom", path: [field], message });
      }
    }
  });

const yesNoInputSchema: z.ZodType<YesNoInput> = z.strictObject({
  approved: z.boolean(),
  reason: comment,
} satisfies ShapeOf<YesNoInput>);

/** Wire form of {@link RespondInput}: the full form, or the short one for callers that only say yes or no. */
export const respondInputSchema: z.ZodType<RespondInput> = z.union([decisionInputSchema, yesNoInputSchema]);

/** What cancelling takes. */
export interface CancelInput {
  reason?: string;
}

/** Wire form of {@link CancelInput}. */
export const cancelInputSchema: z.ZodType<CancelInput> = z.strictObject({
  reason: comment,
} satisfies ShapeOf<CancelInput>);

/** Header with which a response can be repeated safely. */
export const idempotencyKeySchema: z.ZodType<string> = name(200);
