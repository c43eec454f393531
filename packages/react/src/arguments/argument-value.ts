import type { Json, JsonObject, JsonSchema } from "@holdpoint/core";

/** A value with what its schema says about how to read it. */
export type ArgumentValue =
  | { kind: "none" }
  | { kind: "text" | "long_text" | "date" | "date_time" | "link"; text: string }
  | { kind: "number"; number: number }
  | { kind: "money"; amount: number; currency: string }
  | { kind: "boolean"; value: boolean }
  | { kind: "list"; items: ArgumentValue[] }
  | { kind: "fields"; fields: ArgumentField[] };

/** One argument under its name. */
export interface ArgumentField {
  name: string;
  /** The schema's title, or the name made readable. */
  label: string;
  value: ArgumentValue;
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Text longer than this gets the full width. */
const longText = 120;

/**
 * Reads a value by its schema. Money is a number with `format: "money"` (or `x-currency`); its currency is the schema's
 * `x-currency`, or the value of a `currency` argument beside it.
 */
export function argumentValue(value: Json | undefined, schema?: JsonSchema, beside: JsonObject = {}): ArgumentValue {
  if (value === null || value === undefined || value === "") return { kind: "none" };
  if (typeof value === "boolean") return { kind: "boolean", value };
  if (typeof value === "number") return numberValue(value, schema, beside);
  if (typeof value === "string") return textValue(value, schema);
  if (Array.isArray(value)) {
    return value.length === 0
      ? { kind: "none" }
      : { kind: "list", items: value.map((item) => argumentValue(item, objectOf(schema?.items))) };
  }
  const fields = argumentFields(value, schema);
  return fields.length === 0 ? { kind: "none" } : { kind: "fields", fields };
}

/** The arguments of an action one by one: in the schema's order, then what the schema doesn't name. */
export function argumentFields(args: JsonObject, schema?: JsonSchema): ArgumentField[] {
  const properties = objectOf(schema?.properties) ?? {};
  const names = [...new Set([...Object.keys(properties).filter((name) => name in args), ...Object.keys(args)])];
  return names.map((name) => {
    const property = objectOf(properties[name]);
    return { name, label: labelOf(name, property), value: argumentValue(args[name], property, args) };
  });
}

/** `dryRun` and `dry_run` read "Dry run"; a schema's title is taken as it is. */
export function labelOf(name: string, schema?: JsonSchema): string {
  if (typeof schema?.title === "string" && schema.title !== "") return schema.title;
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/[_\-.\s]+/g, " ")
    .trim()
    .toLowerCase();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** `value` when it is a JSON object. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function numberValue(number: number, schema: JsonSchema | undefined, beside: JsonObject): ArgumentValue {
  const named = schema?.["x-currency"];
  const isMoney = typeof named === "string" || schema?.format === "money";
  const currency = typeof named === "string" ? named : beside.currency;
  return isMoney && typeof currency === "string"
    ? { kind: "money", amount: number, currency }
    : { kind: "number", number };
}

/** Text that is written as a date (ISO 8601) is one, unless the schema calls it something else. */
function textValue(text: string, schema: JsonSchema | undefined): ArgumentValue {
  const format = schema?.format ?? formatOf(text);
  const dated = isoDate.test(text) && !Number.isNaN(Date.parse(text));
  if (format === "date" && dated) return { kind: "date", text };
  if (format === "date-time" && dated) return { kind: "date_time", text };
  if (format === "uri") return { kind: "link", text };
  return { kind: text.length > longText || text.includes("\n") ? "long_text" : "text", text };
}

function formatOf(text: string): string | undefined {
  if (!isoDate.test(text)) return undefined;
  return text.includes("T") ? "date-time" : "date";
}
