import type { OutputUnit } from "@cfworker/json-schema";
import type { Json, JsonSchema } from "./json.ts";
import { pointerPath } from "./pointer.ts";

type Wording = (limit: Json | undefined) => string;

const types: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "empty",
};

const formats: Record<string, string> = {
  date: "a date such as 2026-11-20",
  "date-time": "a date and time such as 2026-11-20T14:30:00Z",
  time: "a time such as 14:30:00Z",
  email: "an email address",
  uri: "a web address",
  url: "a web address",
  uuid: "a UUID",
};

const wordings: Record<string, Wording> = {
  required: () => "is required",
  false: () => "is not allowed here",
  type: (limit) =>
    `must be ${[limit]
      .flat()
      .map((type) => types[String(type)] ?? String(type))
      .join(" or ")}`,
  const: (limit) => `must be ${JSON.stringify(limit)}`,
  enum: (limit) =>
    `must be one of ${[limit]
      .flat()
      .map((value) => JSON.stringify(value))
      .join(", ")}`,
  minLength: (limit) => (limit === 1 ? "must not be empty" : `must have at least ${limit} characters`),
  maxLength: (limit) => `must have at most ${limit} characters`,
  pattern: (limit) => `must match the pattern ${limit}`,
  format: (limit) => `must be ${formats[String(limit)] ?? `in the format "${limit}"`}`,
  minimum: (limit) => `must be at least ${limit}`,
  maximum: (limit) => `must be at most ${limit}`,
  exclusiveMinimum: (limit) => `must be more than ${limit}`,
  exclusiveMaximum: (limit) => `must be less than ${limit}`,
  multipleOf: (limit) => `must be a multiple of ${limit}`,
  minItems: (limit) => `must have at least ${limit} entries`,
  maxItems: (limit) => `must have at most ${limit} entries`,
  uniqueItems: () => "must not have the same entry twice",
  minProperties: (limit) => `must have at least ${limit} fields`,
  maxProperties: (limit) => `must have at most ${limit} fields`,
  anyOf: () => "fits none of the allowed forms",
  oneOf: () => "must fit exactly one of the allowed forms",
  not: () => "has a value that is not allowed",
  contains: () => "lacks an entry that is needed",
};

/** What a failed keyword means, for the person who typed the value. Follows the field's name: "must be a number". */
export function jsonSchemaMessage(schema: JsonSchema, unit: OutputUnit): string {
  const wording = Object.hasOwn(wordings, unit.keyword) ? wordings[unit.keyword] : undefined;
  return wording ? wording(keywordValue(schema, unit.keywordLocation)) : unit.error;
}

/** The value of the keyword at a location of the schema, following `$ref`s that point into the schema. */
function keywordValue(schema: JsonSchema, location: string): Json | undefined {
  return follow(schema, schema, pointerPath(location).map(decodeURIComponent));
}

function follow(root: JsonSchema, from: Json | undefined, path: string[]): Json | undefined {
  let at = from;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    const next: Json | undefined = Array.isArray(at) ? at[Number(key)] : at[key];
    at = key === "$ref" ? follow(root, root, pointerPath(String(next)).map(decodeURIComponent)) : next;
  }
  return at;
}
