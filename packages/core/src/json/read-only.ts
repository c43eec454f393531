import { sameJson } from "../approval/approval-digest.ts";
import type { FieldError } from "../error.ts";
import type { Json, JsonSchema } from "./json.ts";
import { jsonPointer } from "./pointer.ts";

/** Fields that a schema marks `readOnly` and an edit changed, added or removed, with a pointer to each. */
export function readOnlyErrors(schema: JsonSchema, before: Json, after: Json, path: string[] = []): FieldError[] {
  if (schema.readOnly === true) {
    return sameJson(before, after) ? [] : [{ pointer: jsonPointer(path), message: "can't be edited" }];
  }
  return Object.entries(fields(schema.properties)).flatMap(([name, property]) =>
    readOnlyErrors(fields(property), fields(before)[name] ?? null, fields(after)[name] ?? null, [...path, name]),
  );
}

function fields(value: Json | undefined): { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
