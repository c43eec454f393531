import { describe, expect, test } from "vitest";
import * as z from "zod";
import { jsonSchemaOf, parseArguments } from "./tool-schema.ts";

const plain = { type: "object", required: ["to"], properties: { to: { type: "string" } } };
const standard = z.object({ to: z.email(), copies: z.number().default(1) });
/** As the AI SDK's `jsonSchema()` makes it. */
const wrapped = { jsonSchema: plain, validate: undefined };
/** The same with a check of the tool's own, which trims. */
const checked = {
  jsonSchema: plain,
  async validate(value: unknown) {
    const to = (value as { to: string }).to.trim();
    if (to.endsWith("@acme.example")) return { success: true as const, value: { to } };
    return { success: false as const, error: new Error("to must be a colleague") };
  },
};

describe("the JSON Schema for edits", () => {
  test.each([
    ["a JSON Schema", plain, plain],
    ["zod", standard, { type: "object", properties: { to: { type: "string" }, copies: { default: 1 } } }],
    ["a wrapped JSON Schema", wrapped, plain],
  ])("of %s", (_, schema, expected) => {
    expect(jsonSchemaOf(schema)).toMatchObject(expected);
  });

  test.each([
    ["a schema that isn't there", undefined],
    ["one that comes later", { jsonSchema: Promise.resolve(plain) }],
    ["one that JSON Schema can't say", z.object({ when: z.date() })],
  ])("there is none of %s", (_, schema) => {
    expect(jsonSchemaOf(schema)).toBeUndefined();
  });
});

describe("arguments", () => {
  test.each([
    ["a JSON Schema", plain, { to: "ana" }, { to: "ana" }],
    ["zod, with its defaults", standard, { to: "ana@x.example" }, { to: "ana@x.example", copies: 1 }],
    ["a wrapped JSON Schema", wrapped, { to: "ana" }, { to: "ana" }],
    ["a wrapped JSON Schema with its own check", checked, { to: " bo@acme.example" }, { to: "bo@acme.example" }],
  ])("that fit %s are given as the tool takes them", async (_, schema, given, args) => {
    expect(await parseArguments(schema, given)).toEqual({ args });
  });

  test.each<[string, unknown, unknown, RegExp]>([
    ["a JSON Schema", plain, {}, /^to is required$/],
    ["zod", standard, { to: "ana" }, /^to: /],
    ["any schema", plain, { to: "half \ud800" }, /surrogate/],
    ["a wrapped JSON Schema", wrapped, { to: 7 }, /^to must be text$/],
    ["a wrapped JSON Schema with its own check", checked, { to: "eve@evil.example" }, /^to must be a colleague$/],
    ["a check that throws", checked, {}, /undefined/],
  ])("that don't fit %s are refused by the field's name", async (_, schema, given, problem) => {
    expect(await parseArguments(schema, given)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
