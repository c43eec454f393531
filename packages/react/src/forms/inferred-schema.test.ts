import { jsonSchemaErrors } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inferredSchema } from "./inferred-schema.ts";

test("plain arguments keep their types", () => {
  expect(inferredSchema({ to: ["ana"], amount: 5, dryRun: true, offer: { code: "A" } })).toEqual({
    type: "object",
    required: ["to", "amount", "dryRun", "offer"],
    properties: {
      to: { type: "array", items: { type: "string" } },
      amount: { type: "number" },
      dryRun: { type: "boolean" },
      offer: { type: "object", required: ["code"], properties: { code: { type: "string" } } },
    },
  });
});

test("what a form could not keep has no schema", () => {
  for (const args of [
    null,
    "text",
    [1],
    { a: null },
    { a: [] },
    { a: [1, "b"] },
    { a: [{ b: 1 }] },
    { a: { b: null } },
  ]) {
    expect(inferredSchema(args)).toBeUndefined();
  }
});

test("arguments satisfy the schema made from them", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()), (made) => {
      const args = JSON.parse(JSON.stringify(made));
      const schema = inferredSchema(args);
      if (schema) expect(jsonSchemaErrors(schema, args)).toEqual([]);
    }),
  );
});
