import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonSchema } from "./json.ts";
import { jsonPointer } from "./pointer.ts";
import { readOnlyErrors } from "./read-only.ts";

/** What a field is to be: marked or not, and changed or not where it holds no further fields. */
interface Field {
  isMarked: boolean;
  isChanged: boolean;
  fields: Field[];
  /** How its schema is spelled. */
  spelling: Spelling;
}

/** A place in a schema that applies to the same value as the whole of it. */
type Spelling = (part: JsonSchema, name: string) => JsonSchema;

const spellings: Spelling[] = [
  (part) => part,
  (part) => ({ allOf: [{ type: "object" }, part] }),
  (part) => ({ anyOf: [part, {}] }),
  (part) => ({ oneOf: [{ required: ["x"] }, part] }),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  (part) => ({ if: { required: ["x"] }, then: part }),
  (part) => ({ if: true, else: part }),
  (part) => ({ dependentSchemas: { x: part } }),
  (part, name) => ({ $ref: `#${name}`, $defs: { part: { $anchor: name, ...part } } }),
];

const none: Field[] = [];
const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.record({
    isMarked: fc.boolean(),
    isChanged: fc.boolean(),
    fields: fc.oneof({ maxDepth: 3 }, fc.constant(none), fc.array(tie("field"), { maxLength: 3 })),
    spelling: fc.constantFrom(...spellings),
  }),
}));

function schemaOf({ isMarked, fields, spelling }: Field, name = "a"): JsonSchema {
  const names = fields.map((_, i) => `${name}${i}`);
  const schemas = fields.map((one, i): [string, JsonSchema] => [`${i}`, schemaOf(one, names[i])]);
  const [[, first = {}] = [], ...others] = schemas;
  const part: JsonSchema = { patternProperties: { "^0$": first }, properties: Object.fromEntries(others) };
  return spelling(isMarked ? { ...part, readOnly: true } : part, name);
}

function argsOf({ isChanged, fields }: Field, isAfter: boolean): Json {
  if (fields.length === 0) return isChanged && isAfter ? "after" : "before";
  return Object.fromEntries(fields.map((one, i) => [`${i}`, argsOf(one, isAfter)]));
}

function hasChanged({ isChanged, fields }: Field): boolean {
  return fields.length === 0 ? isChanged : fields.some(hasChanged);
}

/** The outermost marked fields with a change in them. */
function refused(one: Field, path: string[] = []): string[] {
  if (!hasChanged(one)) return [];
  return one.isMarked ? [jsonPointer(path)] : one.fields.flatMap((inner, i) => refused(inner, [...path, `${i}`]));
}

test("exactly the marked fields that changed are refused, wherever the schema says so", () => {
  fc.assert(
    fc.property(field, (root) => {
      const errors = readOnlyErrors(schemaOf(root), argsOf(root, false), argsOf(root, true));
      expect(errors.map(({ pointer }) => pointer).sort()).toEqual(refused(root).sort());
    }),
  );
});
