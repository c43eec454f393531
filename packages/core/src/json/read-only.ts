import { dereference, type Schema } from "@cfworker/json-schema";
import { sameJson } from "../approval/approval-digest.ts";
import type { FieldError } from "../error.ts";
import type { Json, JsonSchema } from "./json.ts";
import { jsonPointer, valueAt } from "./pointer.ts";

/** A value before and after an edit, undefined where there is none, and the schemas that may apply to it. */
interface Place {
  path: string[];
  schemas: readonly (Json | undefined)[];
  before: Json | undefined;
  after: Json | undefined;
}

/** The schemas that references lead to, by the address that the validator gives them. */
type KnownSchemas = Record<string, Schema | boolean>;

/**
 * Fields that a schema marks `readOnly` and an edit changed, added or removed, with a pointer to each: in objects and
 * lists, behind references into the schema and in every part of it that may apply (`allOf`, `anyOf`, `oneOf`, `if`,
 * `then`, `else`, `dependentSchemas`), whether or not it does: an edit could choose another alternative. Not in `not`,
 * `contains` and what is `unevaluated...`. Runs the schema's patterns, so it can take as long as they do.
 */
export function readOnlyErrors(schema: JsonSchema, before: Json, after: Json): FieldError[] {
  // References are noted in the schema that is given.
  const root = structuredClone(schema);
  return errorsAt(dereference(root as Schema), { path: [], schemas: [root], before, after });
}

/** Looks no further where nothing has changed, so that a schema that refers to itself is followed to the values' depth. */
function errorsAt(known: KnownSchemas, { path, schemas, before, after }: Place): FieldError[] {
  if (sameJson(before, after)) return [];
  const applying = new Set<JsonSchema>();
  for (const schema of schemas) addParts(known, schema, applying);
  if ([...applying].some(({ readOnly }) => readOnly === true)) {
    return [{ pointer: jsonPointer(path), message: "can't be edited" }];
  }
  return [...new Set([...keysOf(before), ...keysOf(after)])].flatMap((key) => {
    const within = [before, after].flatMap((value) => [...applying].flatMap((one) => childSchemas(one, value, key)));
    return errorsAt(known, { path: [...path, key], schemas: within, before: own(before, key), after: own(after, key) });
  });
}

/** Adds a schema with those that it refers to and is made of. */
function addParts(known: KnownSchemas, schema: Json | undefined, found: Set<JsonSchema>): void {
  if (!isObject(schema) || found.has(schema)) return;
  found.add(schema);
  const { __absolute_ref__: ref, __absolute_recursive_ref__: recursiveRef } = schema as Schema;
  const referred = [ref, recursiveRef].map((address) => (address === undefined ? undefined : known[address]));
  const { allOf, anyOf, oneOf, if: condition, then, else: otherwise, dependentSchemas, dependencies } = schema;
  const lists = [allOf, anyOf, oneOf, dependentSchemas, dependencies].flatMap(valuesOf);
  for (const part of [...(referred as Json[]), ...lists, condition, then, otherwise]) addParts(known, part, found);
}

/** What a schema says of an entry of a list, or of a field of an object. */
function childSchemas(schema: JsonSchema, value: Json | undefined, key: string): (Json | undefined)[] {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? [entrySchema(schema, key)] : [];
  return isObject(value) ? fieldSchemas(schema, key) : [];
}

function fieldSchemas({ properties, patternProperties = {}, additionalProperties }: JsonSchema, key: string) {
  const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  const matching = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(key)).map(([, one]) => one);
  const named = own(properties, key);
  const said = named === undefined ? matching : [named, ...matching];
  return said.length > 0 ? said : [additionalProperties];
}

/** Before draft 2020-12 a list of schemas was `items`, and those behind it `additionalItems`. */
function entrySchema({ prefixItems, items, additionalItems }: JsonSchema, key: string) {
  return Array.isArray(items) ? (own(items, key) ?? additionalItems) : (own(prefixItems, key) ?? items);
}

function keysOf(value: Json | undefined): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function valuesOf(value: Json | undefined): Json[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function own(value: Json | undefined, key: string): Json | undefined {
  return value === undefined ? undefined : valueAt(value, jsonPointer([key]));
}

function isObject(value: Json | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
