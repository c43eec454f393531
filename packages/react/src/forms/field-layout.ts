import type { Json, JsonSchema } from "@holdpoint/core";
import type { UiSchema } from "@rjsf/utils";
import { labelOf, objectOf } from "../arguments/argument-value.ts";

/** Choices up to this many are shown all at once instead of behind a select. */
const shownChoices = 5;

/** Text fields longer than this get several lines. */
const longText = 120;

/** Which control each field of a form gets, and its label, by the schema and what is in it. */
export function fieldLayout(schema: JsonSchema, value?: Json): UiSchema {
  const layout: UiSchema = {};
  const widget = widgetOf(schema, value);
  if (widget) layout["ui:widget"] = widget;
  for (const [name, property] of Object.entries(objectOf(schema.properties) ?? {})) {
    const child = objectOf(property);
    if (!child) continue;
    layout[name] = { ...fieldLayout(child, objectOf(value)?.[name]), "ui:title": labelOf(name, child) };
  }
  const items = objectOf(schema.items);
  if (items && widget !== "checkboxes") layout.items = fieldLayout(items);
  return layout;
}

function widgetOf(schema: JsonSchema, value: Json | undefined): string | undefined {
  const choices = choicesOf(schema);
  if (schema.type === "array") {
    return schema.uniqueItems === true && choicesOf(objectOf(schema.items) ?? {}) > 0 ? "checkboxes" : undefined;
  }
  if (choices > 0) return choices <= shownChoices ? "radio" : "select";
  return schema.type === "string" && isLong(schema, value) ? "textarea" : undefined;
}

/** Long text says so (`format: "textarea"`, a large `maxLength`), or is long already. */
function isLong({ format, maxLength }: JsonSchema, value: Json | undefined): boolean {
  if (format === "textarea" || format === "markdown" || format === "multiline") return true;
  if (format !== undefined) return false;
  if (typeof value === "string" && (value.length > longText || value.includes("\n"))) return true;
  return typeof maxLength === "number" && maxLength > 2 * longText;
}

function choicesOf({ enum: values, oneOf }: JsonSchema): number {
  if (Array.isArray(values)) return values.length;
  return Array.isArray(oneOf) && oneOf.every((option) => objectOf(option)?.const !== undefined) ? oneOf.length : 0;
}
