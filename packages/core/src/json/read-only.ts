import { sameJson } from "../approval/approval-digest.ts";
import type { FieldError } from "../error.ts";
import type { Json, JsonSchema } from "./json.ts";
import { jsonPointer, valueAt } from "./pointer.ts";

/** A value before and after an edit, and what its schema says of it. */
interface Place {
  path: string[];
  schema: Json | undefined;
  before: Json;
  after: Json;
}

/**
 * Fields that a schema marks `readOnly` and an edit changed, added or removed, with a pointer to each: in objects and
 * lists, behind references into the schema and in the parts of an `allOf`. Alternatives (`anyOf`, `if`) aren't looked into.
 */
export function readOnlyErrors(schema: JsonSchema, before: Json, after: Json): FieldError[] {
  return errorsAt(schema, { path: [], schema, before, after });
}

/** Looks no further where nothing has changed, so that a schema that refers to itself is followed to the values' depth. */
function errorsAt(root: JsonSchema, { path, schema, before, after }: Place): FieldError[] {
  if (sameJson(before, after)) return [];
  const schemas = [...applying(root, schema)];
  if (schemas.some(({ readOnly }) => readOnly === true)) {
    return [{ pointer: jsonPointer(path), message: "can't be edited" }];
  }
  const isList = Array.isArray(before) || Array.isArray(after);
  return [...new Set([...keysOf(before), ...keysOf(after)])].flatMap((key) => {
    const value = (of: Json) => own(of, key) ?? null;
    const parts = schemas.map((one) => (isList ? entrySchema(one, key) : fieldSchema(one, key)));
    const place = { path: [...path, key], before: value(before), after: value(after) };
    return errorsAt(root, { ...place, schema: { allOf: parts.filter((part) => part !== undefined) } });
  });
}

/** A schema with those that it refers to and is made of. */
function applying(root: JsonSchema, schema: Json | undefined, found = new Set<JsonSchema>()): Set<JsonSchema> {
  if (!isObject(schema) || found.has(schema)) return found;
  found.add(schema);
  const { $ref, allOf } = schema;
  if (typeof $ref === "string") applying(root, valueAt(root, decoded($ref)), found);
  for (const part of Array.isArray(allOf) ? allOf : []) applying(root, part, found);
  return found;
}

function fieldSchema({ properties, patternProperties, additionalProperties }: JsonSchema, key: string) {
  return own(properties, key) ?? (patternProperties === undefined ? additionalProperties : undefined);
}

/** Before draft 2020-12 a list of schemas was `items`, and those behind it `additionalItems`. */
function entrySchema({ prefixItems, items, additionalItems }: JsonSchema, key: string) {
  return Array.isArray(items) ? (own(items, key) ?? additionalItems) : (own(prefixItems, key) ?? items);
}

function keysOf(value: Json): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function own(value: Json | undefined, key: string): Json | undefined {
  return value === undefined ? undefined : valueAt(value, jsonPointer([key]));
}

function decoded(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}

function isObject(value: Json | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
