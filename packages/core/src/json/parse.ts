import type * as z from "zod";
import { type FieldError, HoldpointError } from "../error.ts";
import { invalidRequest } from "./field-error.ts";
import { jsonProblem, maxJsonDepth } from "./json.ts";
import { jsonPointer } from "./pointer.ts";

type Issue = z.core.$ZodIssue;

/**
 * Checks untrusted input against a schema and returns the typed value.
 *
 * @param what names the input when the whole of it is wrong: "body", "query"
 * @throws {HoldpointError} `invalid_request`; the message names each field, `details` has a {@link FieldError} for each
 */
export function parse<T>(schema: z.ZodType<T>, input: unknown, what = "request"): T {
  assertJson(input, what);
  const result = schema.safeParse(input, { error: messageOf });
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap(issueErrors), what);
}

/** What is wrong with `input` by a schema; empty when it fits. */
export function fieldErrors(schema: z.ZodType, input: unknown): FieldError[] {
  return schema.safeParse(input, { error: messageOf }).error?.issues.flatMap(issueErrors) ?? [];
}

/**
 * Refuses JSON that is nested deeper than `max` levels.
 *
 * @throws {HoldpointError} `invalid_request`
 */
export function assertJsonDepth(value: unknown, max = maxJsonDepth): void {
  if (jsonProblem(value, max)?.tooDeep) {
    throw new HoldpointError("invalid_request", `The JSON is nested deeper than ${max} levels; make it flatter.`);
  }
}

function assertJson(input: unknown, what: string): void {
  const problem = jsonProblem(input);
  if (problem) throw invalidRequest([{ pointer: jsonPointer(problem.path), message: problem.message }], what);
}

function issueErrors(issue: Issue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: jsonPointer([...issue.path, key]), message: "is not a known field" }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return closestBranch(issue);
  return [{ pointer: jsonPointer(issue.path), message: issue.message }];
}

/** Of a union, reports the form that the input comes closest to: the right kind of value, the fewest wrong fields. */
function closestBranch(issue: Issue & { code: "invalid_union" }): FieldError[] {
  const closest = issue.errors.reduce((best, branch) => (distance(branch) < distance(best) ? branch : best));
  return closest.flatMap((nested) => issueErrors({ ...nested, path: [...issue.path, ...nested.path] }));
}

function distance(issues: Issue[]): number {
  if (issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0)) return Number.POSITIVE_INFINITY;
  return issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
}

const expectations: Record<string, string> = {
  string: "must be a string",
  number: "must be a number",
  int: "must be a whole number",
  boolean: "must be true or false",
  array: "must be an array",
  object: "must be an object",
  record: "must be an object",
};

/** The message where the schema brings none of its own. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is required";
      return expectations[issue.expected] ?? `must be ${issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return "is required";
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_big":
      return `must ${bound(issue.origin, "at most", issue.maximum)}`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "must not be empty";
      return `must ${bound(issue.origin, "at least", issue.minimum)}`;
    case "invalid_union":
      return "has an unknown type";
    case "invalid_key":
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

function bound(origin: string, limit: string, value: number | bigint): string {
  if (origin === "string") return `be ${limit} ${value} characters long`;
  if (origin === "array") return `have ${limit} ${value} entries`;
  return `be ${limit} ${value}`;
}
