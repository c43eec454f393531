import type { Json, JsonSchema } from "@holdpoint/core";

/**
 * A schema that keeps the types of arguments that came without one, so that they can be edited as a form. Undefined when
 * they hold something a form can't keep: nulls, and lists that are not of one plain type.
 */
export function inferredSchema(args: Json): JsonSchema | undefined {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return undefined;
  const properties: Record<string, JsonSchema> = {};
  for (const [name, value] of Object.entries(args)) {
    const property = inferredProperty(value);
    if (!property) return undefined;
    properties[name] = property;
  }
  return { type: "object", properties, required: Object.keys(args) };
}

function inferredProperty(value: Json): JsonSchema | undefined {
  if (Array.isArray(value)) {
    const types = [...new Set(value.map((item) => typeof item))];
    return types.length === 1 && types[0] !== "object"
      ? { type: "array", items: { type: types[0] as string } }
      : undefined;
  }
  if (value === null) return undefined;
  return typeof value === "object" ? inferredSchema(value) : { type: typeof value };
}
