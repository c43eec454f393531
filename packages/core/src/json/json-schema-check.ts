import { dereference, type Schema } from "@cfworker/json-schema";
import * as z from "zod";
import type { FieldError } from "../error.ts";
import type { JsonSchema } from "./json.ts";
import { fieldErrors } from "./parse.ts";

/**
 * What keeps a JSON Schema from ever being used: unknown types, broken patterns, keywords of the wrong shape, and
 * references that lead nowhere or out of the schema (nothing is fetched). Empty when it can be used.
 */
export function schemaErrors(schema: JsonSchema): FieldError[] {
  const errors = fieldErrors(schemaNode, schema);
  return errors.length > 0 ? errors : referenceErrors(schema);
}

const count = z.int().min(0);
const typeName = z.enum(["string", "number", "integer", "boolean", "array", "object", "null"]);
const node: z.ZodType = z.lazy(() => z.union([schemaNode, z.boolean()]));
const nodes = z.array(node).min(1);
const nodeMap = z.record(z.string(), node);
const names = z.array(z.string());
const bound = z.union([z.number(), z.boolean()]);
const pattern = z.string().max(1_000).refine(compiles, "must be a regular expression");

/** The keywords that the validator reads, with the shapes it relies on; other keywords are notes. */
const schemaNode: z.ZodType = z.looseObject({
  $ref: z.string().startsWith("#", 'must begin with "#": other documents are not fetched').optional(),
  type: z.union([typeName, z.array(typeName).min(1)]).optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  required: names.optional(),
  properties: nodeMap.optional(),
  patternProperties: z.record(pattern, node).optional(),
  additionalProperties: node.optional(),
  propertyNames: node.optional(),
  minProperties: count.optional(),
  maxProperties: count.optional(),
  dependentRequired: z.record(z.string(), names).optional(),
  dependentSchemas: nodeMap.optional(),
  items: z.union([node, nodes]).optional(),
  prefixItems: nodes.optional(),
  contains: node.optional(),
  minItems: count.optional(),
  maxItems: count.optional(),
  uniqueItems: z.boolean().optional(),
  minLength: count.optional(),
  maxLength: count.optional(),
  pattern: pattern.optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: bound.optional(),
  exclusiveMaximum: bound.optional(),
  multipleOf: z.number().positive().optional(),
  allOf: nodes.optional(),
  anyOf: nodes.optional(),
  oneOf: nodes.optional(),
  not: node.optional(),
  if: node.optional(),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: node.optional(),
  else: node.optional(),
  $defs: nodeMap.optional(),
  definitions: nodeMap.optional(),
});

function referenceErrors(schema: JsonSchema): FieldError[] {
  try {
    const known = dereference(structuredClone(schema) as Schema);
    const lost = Object.values(known)
      .filter((at) => typeof at === "object")
      .find((at) => at.__absolute_ref__ !== undefined && known[at.__absolute_ref__] === undefined);
    return lost ? [{ pointer: "", message: `has a $ref to "${lost.$ref}", which is not in the schema` }] : [];
  } catch (error) {
    return [{ pointer: "", message: `can't be used: ${error instanceof Error ? error.message : error}` }];
  }
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
