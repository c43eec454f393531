import { type Json, type JsonObject, type JsonSchema, sameJson } from "@holdpoint/core";
import { labelOf, objectOf } from "./argument-value.ts";

/** An argument that differs; absent sides did not exist. */
export interface ChangedArgument {
  /** JSON pointer (RFC 6901) into the arguments. */
  pointer: string;
  label: string;
  before?: Json;
  after?: Json;
}

/** What differs between two versions of an action's arguments, down to the innermost objects; lists differ as a whole. */
export function changedArguments(
  before: Json | undefined,
  after: Json | undefined,
  schema?: JsonSchema,
): ChangedArgument[] {
  return changes(before, after, schema, { pointer: "", label: "" });
}

function changes(
  before: Json | undefined,
  after: Json | undefined,
  schema: JsonSchema | undefined,
  at: { pointer: string; label: string },
): ChangedArgument[] {
  if (sameJson(before, after)) return [];
  const left = objectOf(before);
  const right = objectOf(after);
  if (!left || !right) return [{ ...at, before, after }];
  const properties = objectOf(schema?.properties);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    const property = objectOf(properties?.[name]);
    const label = labelOf(name, property);
    return changes(ownValue(left, name), ownValue(right, name), property, {
      pointer: `${at.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      label: at.label === "" ? label : `${at.label}: ${label}`,
    });
  });
}

/** An argument may be named like something that every object inherits. */
function ownValue(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
