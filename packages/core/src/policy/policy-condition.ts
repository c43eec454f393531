import * as z from "zod";
import { type Approval, type ApprovalKind, type Risk, riskSchema } from "../approval/approval.ts";
import { sameJson } from "../approval/approval-digest.ts";
import type { Requester } from "../approval/source.ts";
import { json, name, type ShapeOf } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import { valueAt } from "../json/pointer.ts";
import { isLike } from "./glob.ts";

/** One value or several of which one is enough. */
export type OneOf<T> = T | T[];

/**
 * What one argument has to be; of several tests all have to hold. An argument that isn't there passes none of them but
 * `exists: false`.
 */
export interface ArgTest {
  exists?: boolean;
  /** Exactly this JSON value. */
  is?: Json;
  /** Exactly one of these JSON values. */
  in?: Json[];
  /** Text that is like a glob as a whole; `*` stands for any characters, a comma and an at sign among them. */
  like?: OneOf<string>;
  lt?: number;
  lte?: number;
  gt?: number;
  gte?: number;
}

/** Which requests a rule is for: all of what is said here has to hold. Texts are globs, `*` standing for anything. */
export interface PolicyCondition {
  /** The action's name. */
  action?: OneOf<string>;
  kind?: ApprovalKind;
  /** As the request says it, `medium` where it doesn't. */
  risk?: OneOf<Risk>;
  /** Id of `requestedBy`, which a request from outside may fill in as it likes; `owner` is certain. */
  requester?: OneOf<string>;
  requesterKind?: OneOf<Requester["kind"]>;
  /** Id of the person or API key behind the request: the caller, or the owner of the run. */
  owner?: OneOf<string>;
  /** Of `source`, which a request from outside may fill in as it likes; combine it with `owner` where that matters. */
  workflow?: OneOf<string>;
  /** It has a tag that is like one of these. */
  tags?: OneOf<string>;
  /** By JSON pointer into the action's arguments: `{ "/amount": { lt: 100 } }`. */
  args?: Record<string, ArgTest>;
}

/**
 * Whether a condition holds. `unclear` means that an argument is of another type than its test is for (the text `"500"`
 * for `gt`): it may be what the rule is after, so that counts against the request and never for it.
 */
export type Fit = "yes" | "no" | "unclear";

const glob = name(200);
const oneOf = <T>(item: z.ZodType<T>): z.ZodType<OneOf<T>> => z.union([item, z.array(item).min(1).max(100)]);
const bound = z.number().optional();

/**
 * The schema of a part of a rule. In code a field can turn out to be undefined: to take that for left out would make the
 * rule mean more than it says.
 */
export function spelledOut<T extends object>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema.superRefine((part, context) => {
    for (const [field, value] of Object.entries(part)) {
      if (value !== undefined) continue;
      context.addIssue({ code: "custom", path: [field], message: "is undefined; give it a value, or leave it out" });
    }
  });
}

const argTestSchema: z.ZodType<ArgTest> = spelledOut(
  z.strictObject({
    exists: z.boolean().optional(),
    is: json.optional(),
    in: z.array(json).min(1).max(100).optional(),
    like: oneOf(glob).optional(),
    lt: bound,
    lte: bound,
    gt: bound,
    gte: bound,
  } satisfies ShapeOf<ArgTest>),
).refine((test) => Object.keys(test).length > 0, "must test something");

const mustBePointer = 'must be a JSON pointer such as "/amount"';
const pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/|$)/, mustBePointer);

/** A record leaves `__proto__` out without a word, and a rule without one of its tests is for more requests. */
const argTests: z.ZodType<Record<string, ArgTest>> = z
  .unknown()
  .superRefine((tests, context) => {
    if (typeof tests !== "object" || tests === null || !Object.hasOwn(tests, "__proto__")) return;
    context.addIssue({ code: "custom", path: ["__proto__"], message: mustBePointer });
  })
  .pipe(z.record(pointer, argTestSchema));

/** Wire form of {@link PolicyCondition}. */
export const policyConditionSchema: z.ZodType<PolicyCondition> = spelledOut(
  z.strictObject({
    action: oneOf(glob).optional(),
    kind: z.enum(["approval", "question"]).optional(),
    risk: oneOf(riskSchema).optional(),
    requester: oneOf(glob).optional(),
    requesterKind: oneOf(z.enum(["agent", "user", "service"])).optional(),
    owner: oneOf(glob).optional(),
    workflow: oneOf(glob).optional(),
    tags: oneOf(glob).optional(),
    args: argTests.optional(),
  } satisfies ShapeOf<PolicyCondition>),
);

/** Whether a request is one that a condition is for. */
export function conditionFit(condition: PolicyCondition, approval: Approval): Fit {
  const { action, requestedBy, source, tags } = approval;
  return all([
    likeAny(condition.action, action ? [action.name] : []),
    isAny(condition.kind, approval.kind),
    isAny(condition.risk, approval.risk),
    likeAny(condition.requester, requestedBy ? [requestedBy.id] : []),
    isAny(condition.requesterKind, requestedBy?.kind),
    likeAny(condition.owner, approval.ownerId === undefined ? [] : [approval.ownerId]),
    likeAny(condition.workflow, source?.workflow === undefined ? [] : [source.workflow]),
    likeAny(condition.tags, tags),
    ...Object.entries(condition.args ?? {}).map(([at, test]) => argFit(test, action && valueAt(action.args, at))),
  ]);
}

function argFit(test: ArgTest, value: Json | undefined): Fit {
  if (value === undefined) return yesIf(test.exists === false && Object.keys(test).length === 1);
  const { exists, is, in: values, like, lt, lte, gt, gte } = test;
  return all([
    yesIf(exists !== false),
    yesIf(is === undefined || sameJson(is, value)),
    yesIf(values === undefined || values.some((one) => sameJson(one, value))),
    like === undefined ? "yes" : typeof value === "string" ? likeAny(like, [value]) : "unclear",
    numberFit(lt, value, (limit, number) => number < limit),
    numberFit(lte, value, (limit, number) => number <= limit),
    numberFit(gt, value, (limit, number) => number > limit),
    numberFit(gte, value, (limit, number) => number >= limit),
  ]);
}

function numberFit(limit: number | undefined, value: Json, holds: (limit: number, value: number) => boolean): Fit {
  if (limit === undefined) return "yes";
  return typeof value === "number" ? yesIf(holds(limit, value)) : "unclear";
}

function likeAny(globs: OneOf<string> | undefined, texts: readonly string[]): Fit {
  return yesIf(globs === undefined || listed(globs).some((one) => texts.some((text) => isLike(text, one))));
}

function isAny<T extends string>(values: OneOf<T> | undefined, value: T | undefined): Fit {
  return yesIf(values === undefined || (value !== undefined && listed(values).includes(value)));
}

function all(fits: readonly Fit[]): Fit {
  if (fits.includes("no")) return "no";
  return fits.includes("unclear") ? "unclear" : "yes";
}

function yesIf(holds: boolean): Fit {
  return holds ? "yes" : "no";
}

function listed<T>(values: OneOf<T>): T[] {
  return Array.isArray(values) ? values : [values];
}
