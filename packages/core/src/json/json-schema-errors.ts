import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema";
import { type FieldError, HoldpointError } from "../error.ts";
import type { Json, JsonSchema } from "./json.ts";
import { jsonSchemaMessage } from "./json-schema-message.ts";
import { jsonPointer } from "./pointer.ts";
import { readOnlyErrors } from "./read-only.ts";

/** Checks a value by a JSON Schema, as {@link jsonSchemaErrors} does; empty when it fits. */
export type JsonSchemaCheck = (schema: JsonSchema, value: Json, before?: Json) => FieldError[];

/**
 * What is wrong with `value` by a JSON Schema (draft 2020-12, or the one that `$schema` names), with a pointer to each
 * field; empty when it fits. A missing field is reported at its own pointer. Runs no generated code.
 * A schema can have it take for ever: a pattern that backtracks does.
 *
 * @param before where the value comes of an edit: what was edited. Fields that the schema marks `readOnly` have to be as
 *   they were there
 * @throws {HoldpointError} `invalid_request` when the schema itself can't be used
 */
export function jsonSchemaErrors(schema: JsonSchema, value: Json, before?: Json): FieldError[] {
  const errors = leaves(locate(validate(schema, value))).map((unit) => fieldError(schema, unit));
  const unlike = errors.filter((error, i) => errors.findIndex((e) => e.pointer === error.pointer) === i);
  return before === undefined ? unlike : [...unlike, ...readOnlyErrors(schema, before, value)];
}

function validate(schema: JsonSchema, value: Json): OutputUnit[] {
  try {
    // The validator writes notes into the schema it is given.
    const copy = structuredClone(schema) as Schema;
    return new Validator(copy, draftOf(schema), false).validate(value).errors;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new HoldpointError("invalid_request", `The JSON Schema can't be used: ${reason}`);
  }
}

function draftOf({ $schema }: JsonSchema): SchemaDraft {
  const named = typeof $schema === "string" ? /draft-0([47])|draft\/(2019-09)/.exec($schema) : null;
  return (named?.[1] ?? named?.[2] ?? "2020-12") as SchemaDraft;
}

/** The validator gives a `false` schema the place of the value; its own place is that of the unit before it. */
function locate(units: OutputUnit[]): OutputUnit[] {
  return units.map((unit, i) => {
    const keywordLocation = `${units[i - 1]?.keywordLocation ?? "#"}/false`;
    return unit.keyword === "false" ? { ...unit, keywordLocation } : unit;
  });
}

/** Keywords that only say that something inside them failed, which is reported too. */
const wrappers = new Set([
  "$ref",
  "$recursiveRef",
  "additionalItems",
  "additionalProperties",
  "allOf",
  "dependentSchemas",
  "if",
  "items",
  "patternProperties",
  "prefixItems",
  "properties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

/** Keywords whose inner failures only confuse: one failed branch says little when another would have done. */
const choices = new Set(["anyOf", "oneOf", "contains", "not"]);

function leaves(units: OutputUnit[]): OutputUnit[] {
  const kept: OutputUnit[] = [];
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as OutputUnit;
    if (choices.has(unit.keyword)) {
      const inner = units.slice(i + 1).filter((other) => other.keywordLocation.startsWith(`${unit.keywordLocation}/`));
      kept.push(...(meantBranch(unit, inner) ?? [unit]));
      i += inner.length;
    } else if (!wrappers.has(unit.keyword)) kept.push(unit);
  }
  return kept;
}

/** The failures of the branch that the value was meant for, when only one has the right type or discriminator. */
function meantBranch(choice: OutputUnit, inner: OutputUnit[]): OutputUnit[] | undefined {
  const branches = Map.groupBy(
    inner,
    (unit) => unit.keywordLocation.slice(choice.keywordLocation.length).split("/")[1],
  );
  const fitting = [...branches.values()].filter(
    (branch) => !branch.some((unit) => unit.keyword === "const" || isMismatch(unit, choice)),
  );
  return fitting.length === 1 && fitting[0] ? leaves(fitting[0]) : undefined;
}

function isMismatch(unit: OutputUnit, choice: OutputUnit): boolean {
  return unit.instanceLocation === choice.instanceLocation && (unit.keyword === "type" || unit.keyword === "enum");
}

function fieldError(schema: JsonSchema, unit: OutputUnit): FieldError {
  const path = unit.instanceLocation
    .split("/")
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"));
  const missing = unit.keyword === "required" ? /"(.*)"\.?$/s.exec(unit.error)?.[1] : undefined;
  if (missing !== undefined) path.push(missing);
  return { pointer: jsonPointer(path), message: jsonSchemaMessage(schema, unit) };
}
