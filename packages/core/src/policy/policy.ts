// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import * as z from "zod";
import { type Approval, type Risk, riskSchema } from "../approval/approval.ts";
import { approvalRequestSchema, type Reviewers, type StageRequest } from "../approval/approval-request.ts";
import { type LadderRung, ladderRungSchema, type OnTimeout } from "../approval/ladder-rung.ts";
import type { FieldError } from "../error.ts";
import { duration, name, phrase, type ShapeOf } from "../json/field.ts";
import { invalidRequest, under } from "../json/field-error.ts";
import { fieldErrors, parse } from "../json/parse.ts";
import { jsonPointer } from "../json/pointer.ts";
import type { Duration } from "../time/duration.ts";
import type { Viewer } from "../viewer.ts";
import { conditionFit, type Fit, type PolicyCondition, policyConditionSchema, spelledOut } from "./policy-condition.ts";

/**
 * What a rule asks for on top of what the request says. It only ever tightens: of two risks the higher counts, of two
 * timeouts the shorter; stages come after the request's own. A rule that would loosen is refused when it is loaded.
 */
export interface Requirement {
  /** At least this risk. */
  risk?: Risk;
  /** Further stages; they take the place of none. */
  stages?: StageRequest[];
  /** Short for one stage; not together with `stages`. */
  reviewers?: Reviewers;
  /** At most this long. */
  timeout?: Duration;
  /** Where there is a timeout: what it means, unless the request says something stricter. */
  onTimeout?: Exclude<OnTimeout, "approve">;
  /** Further rungs. They may add people who can answer, not replace those who were asked. */
  ladder?: LadderRung[];
}

/** What a rule does with the requests that it is for. */
export type PolicyEffect = { approve: true } | { reject: string } | { require: Requirement };

/** What a rule in code may know besides the request. */
export interface PolicyFacts {
  /** The server's clock, ISO 8601. */
  now: string;
  /** Who calls; absent when a run asks, and when the arguments are those of a reviewer's edit. */
  viewer?: Viewer;
}

/** A rule's condition in code. Answers at once; what throws or answers anything but true or false has failed. */
export type PolicyPredicate = (request: Approval, facts: PolicyFacts) => boolean;

/** One rule: which requests it is for, and what becomes of them. */
export interface PolicyRule {
  /** Unique within the policy; decisions and the log carry it. */
  name: string;
  when: PolicyCondition | PolicyPredicate;
  then: PolicyEffect;
}

/** A rule that has been checked. */
export interface CheckedRule {
  readonly name: string;
  fit(request: Approval, facts: PolicyFacts): Fit;
  readonly then: PolicyEffect;
}

const checked: unique symbol = Symbol("checked policy");

/** Rules that {@link definePolicy} or {@link parsePolicy} has checked. */
export interface Policy {
  readonly rules: readonly CheckedRule[];
  readonly [checked]: true;
}

const requirementSchema: z.ZodType<Requirement> = spelledOut(
  z.strictObject({
    risk: riskSchema.optional(),
    // Checked as part of a request below.
    stages: z.custom<StageRequest[]>().optional(),
    reviewers: z.custom<Reviewers>().optional(),
    timeout: duration.optional(),
    onTimeout: z
      .enum(["time_out", "reject"], 'must be "time_out" or "reject": a rule can\'t loosen a request')
      .optional(),
    ladder: z.array(ladderRungSchema).max(20).optional(),
  } satisfies ShapeOf<Requirement>),
).refine((required) => Object.keys(required).length > 0, "must require something");

const effectSchema: z.ZodType<PolicyEffect> = z.union([
  z.strictObject({ approve: z.literal(true) }),
  z.strictObject({ reject: phrase(1_000) }),
  z.strictObject({ require: requirementSchema }),
]);

const ruleSchema: z.ZodType<PolicyRule> = z.strictObject({
  name: name(),
  when: policyConditionSchema,
  then: effectSchema,
} satisfies ShapeOf<PolicyRule>);

/** Wire form of a policy's rules. */
const policyRulesSchema: z.ZodType<PolicyRule[]> = z.array(ruleSchema).max(500);

/**
 * Makes a policy of rules in code, whose conditions may be functions.
 *
 * @throws {HoldpointError} `invalid_request` naming the fields by JSON pointer: a rule is unknown in shape, named twice,
 *   or would loosen a request
 */
export function definePolicy(rules: readonly PolicyRule[]): Policy {
  const predicates = new Map<number, PolicyPredicate>();
  const withoutPredicate = (rule: PolicyRule, i: number) => {
    if (typeof rule?.when !== "function") return rule;
    predicates.set(i, rule.when);
    return { ...rule, when: {} };
  };
  const plain: unknown = Array.isArray(rules) ? rules.map(withoutPredicate) : rules;
  return policyOf(parse(policyRulesSchema, plain, "policy"), predicates);
}

/**
 * Makes a policy of rules as JSON: a list, or an object with `rules`.
 *
 * @throws {HoldpointError} `invalid_request` as {@link definePolicy}
 */
export function parsePolicy(input: unknown): Policy {
  const isObject = typeof input === "object" && input !== null && "rules" in input;
  const { rules, ...others }: { rules: unknown } = isObject ? input : { rules: input };
  const errors = Object.keys(others).map((field) => ({
    pointer: jsonPointer([field]),
    message: "is not a known field",
  }));
  if (errors.length > 0) throw invalidRequest(errors, "policy");
  return policyOf(parse(policyRulesSchema, rules, "policy"), new Map());
}

/** A policy that could not be had: nothing is decided by it, so people decide. */
export function brokenPolicy(error: unknown): Policy {
  const fit = () => {
    throw error;
  };
  return { rules: [{ name: "*", fit, then: { require: {} } }], [checked]: true };
}

/** Whether this is a policy that has been checked. */
export function isPolicy(value: unknown): value is Policy {
  return typeof value === "object" && value !== null && checked in value;
}

function policyOf(rules: PolicyRule[], predicates: ReadonlyMap<number, PolicyPredicate>): Policy {
  const errors = rules.flatMap((rule, i) => under(`/${i}`, ruleErrors(rule, rules.slice(0, i))));
  if (errors.length > 0) throw invalidRequest(errors, "policy");
  return { rules: rules.map((rule, i) => checkedRule(rule, predicates.get(i))), [checked]: true };
}

function checkedRule({ name, when, then }: PolicyRule, predicate: PolicyPredicate | undefined): CheckedRule {
  if (!predicate) return { name, then, fit: (request) => conditionFit(when as PolicyCondition, request) };
  const fit = (request: Approval, facts: PolicyFacts): Fit => {
    const answer: unknown = predicate(structuredClone(request), facts);
    if (typeof answer === "boolean") return answer ? "yes" : "no";
    // Nobody waits for it, and what nobody waits for must not end the process when it fails.
    if (answer instanceof Promise) answer.catch(() => undefined);
    throw new TypeError(`The condition of the rule "${name}" must answer true or false.`);
  };
  return { name, then, fit };
}

function ruleErrors({ name, then }: PolicyRule, earlier: readonly PolicyRule[]): FieldError[] {
  const twice = earlier.some((rule) => rule.name === name);
  return [
    ...(twice ? [{ pointer: "/name", message: "is the name of an earlier rule" }] : []),
    ...("require" in then ? under("/then/require", requirementErrors(then.require)) : []),
  ];
}

/** What a request with these fields would be refused for, and rungs that take reviewers away. */
function requirementErrors({ stages, reviewers, ladder = [], timeout }: Requirement): FieldError[] {
  const replacing = ladder.flatMap((rung, i) => ("escalate" in rung && rung.escalate.replace ? [i] : []));
  return [
    ...fieldErrors(approvalRequestSchema, { title: "policy", stages, reviewers, ladder, timeout }),
    ...replacing.map((i) => ({
      pointer: `/ladder/${i}/escalate/replace`,
      message: "must be left out: a rule can't take reviewers away",
    })),
  ];
}
