import { describe, expect, test } from "vitest";
import type { Json, JsonSchema } from "./json.ts";
import { schemaErrors } from "./json-schema-check.ts";
import { jsonSchemaErrors } from "./json-schema-errors.ts";

describe("a value that doesn't fit is reported", () => {
  test.each<[JsonSchema, Json, [pointer: string, message: string][]]>([
    [{ type: "string" }, 7, [["", "must be text"]]],
    [{ type: ["string", "null"] }, 7, [["", "must be text or empty"]]],
    [{ type: "integer" }, 1.5, [["", "must be a whole number"]]],
    [{ required: ["a/b"] }, {}, [["/a~1b", "is required"]]],
    [{ properties: { "a b": { minLength: 1 } } }, { "a b": "" }, [["/a b", "must not be empty"]]],
    [{ properties: { a: { maxLength: 2 } } }, { a: "abc" }, [["/a", "must have at most 2 characters"]]],
    [{ properties: {}, additionalProperties: false }, { b: 1 }, [["/b", "is not allowed here"]]],
    [{ items: { minimum: 3 } }, [3, 2], [["/1", "must be at least 3"]]],
    [{ enum: ["a", 1] }, "b", [["", 'must be one of "a", 1']]],
    [{ format: "email" }, "ana@", [["", "must be an email address"]]],
    [{ format: "date" }, "2026-02-30", [["", "must be a date such as 2026-11-20"]]],
    [{ format: "uri" }, "not a uri", [["", "must be a web address"]]],
    [{ pattern: "^[a-z]+$" }, "A", [["", "must match the pattern ^[a-z]+$"]]],
    [{ uniqueItems: true }, [1, 1], [["", "must not have the same entry twice"]]],
    [
      { $defs: { n: { maximum: 5 } }, properties: { a: { $ref: "#/$defs/n" } } },
      { a: 6 },
      [["/a", "must be at most 5"]],
    ],
    [{ anyOf: [{ type: "string", minLength: 3 }, { type: "null" }] }, "ab", [["", "must have at least 3 characters"]]],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, 1, [["", "fits none of the allowed forms"]]],
    [
      {
        oneOf: [
          { properties: { kind: { const: "a" }, size: { type: "number" } }, required: ["size"] },
          { properties: { kind: { const: "b" } } },
        ],
      },
      { kind: "a" },
      [["/size", "is required"]],
    ],
    [{ not: { type: "string" } }, "a", [["", "has a value that is not allowed"]]],
    [
      { properties: { a: { type: "string" }, b: { type: "number" } }, required: ["c"] },
      { a: 1, b: "2" },
      [
        ["/c", "is required"],
        ["/a", "must be text"],
        ["/b", "must be a number"],
      ],
    ],
  ])("by %j: %j", (schema, value, expected) => {
    expect(jsonSchemaErrors(schema, value).map(({ pointer, message }) => [pointer, message])).toEqual(expected);
  });
});

test("a value that fits has no errors", () => {
  const schema = { type: "object", required: ["to"], properties: { to: { type: "string", format: "email" } } };
  expect(jsonSchemaErrors(schema, { to: "ana@example.com" })).toEqual([]);
});

test("checking leaves the schema as it is, also a frozen one", () => {
  const schema = Object.freeze({ $ref: "#/$defs/a", $defs: Object.freeze({ a: Object.freeze({ type: "string" }) }) });
  expect(jsonSchemaErrors(schema, "text")).toEqual([]);
  expect(Object.getOwnPropertyNames(schema)).toEqual(["$ref", "$defs"]);
});

test("no code is generated from a schema", () => {
  const { Function: original } = globalThis;
  globalThis.Function = class {
    constructor() {
      throw new Error("evaluated code");
    }
  } as unknown as FunctionConstructor;
  try {
    expect(jsonSchemaErrors({ pattern: "^a", minLength: 2 }, "b")).toHaveLength(1);
  } finally {
    globalThis.Function = original;
  }
});

test("a schema that refers to itself without end is refused, not followed", () => {
  expect(() => jsonSchemaErrors({ $ref: "#" }, 1)).toThrow("The JSON Schema can't be used");
});

describe("a schema can't be used", () => {
  test.each<[JsonSchema, pointer: string]>([
    [{ type: "strnig" }, "/type"],
    [{ properties: { a: { type: 7 } } }, "/properties/a/type"],
    [{ pattern: "(" }, "/pattern"],
    [{ enum: [] }, "/enum"],
    [{ required: "a" }, "/required"],
    [{ items: { minLength: -1 } }, "/items/minLength"],
    [{ $ref: "https://example.com/schema.json" }, "/$ref"],
    [{ properties: { a: { $ref: "other.json" } } }, "/properties/a/$ref"],
    [{ $ref: "#/$defs/missing" }, ""],
  ])("%j", (schema, pointer) => {
    expect(schemaErrors(schema).map((error) => error.pointer)).toEqual([pointer]);
  });
});

test.each<JsonSchema>([
  {},
  { type: "object", properties: { a: true, b: { items: { $ref: "#/$defs/c" } } }, $defs: { c: { type: "null" } } },
  { title: "T", description: "D", default: 1, examples: [1], "x-widget": { any: ["thing"] } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  { if: { required: ["a"] }, then: { required: ["b"] }, else: false },
])("%j can be used", (schema) => {
  expect(schemaErrors(schema)).toEqual([]);
});
