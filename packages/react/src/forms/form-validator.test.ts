import type { RJSFSchema } from "@rjsf/utils";
import { expect, test } from "vitest";
import { errorSchema, formValidator } from "./form-validator.ts";

const schema: RJSFSchema = {
  type: "object",
  required: ["subject"],
  properties: {
    subject: { type: "string", minLength: 3 },
    to: { type: "array", items: { type: "string", format: "email" } },
  },
};

test("errors are handed to the field that has them", () => {
  const { errorSchema, errors } = formValidator.validateFormData(
    { subject: "a", to: ["ana@acme.example", "bo"] },
    schema,
  );
  expect(errorSchema).toMatchObject({
    subject: { __errors: [expect.any(String)] },
    to: { 1: { __errors: [expect.any(String)] } },
  });
  expect(errors).toHaveLength(2);
});

test("a missing field has its own error", () => {
  expect(formValidator.validateFormData({}, schema).errorSchema).toMatchObject({
    subject: { __errors: [expect.any(String)] },
  });
});

test("a valid value has none", () => {
  expect(formValidator.validateFormData({ subject: "Hello" }, schema).errors).toEqual([]);
  expect(formValidator.isValid(schema, { subject: "Hello" }, schema)).toBe(true);
  expect(formValidator.isValid(schema, { subject: "" }, schema)).toBe(false);
});

test("references into the root's definitions are followed", () => {
  const root: RJSFSchema = { $defs: { name: { type: "string" } } };
  expect(formValidator.isValid({ $ref: "#/$defs/name" }, 5, root)).toBe(false);
  expect(formValidator.isValid({ $ref: "#/$defs/name" }, "Ana", root)).toBe(true);
});

test("a schema that can't be used leaves the refusal to the server", () => {
  expect(formValidator.validateFormData({ a: 1 }, { $ref: "#/nowhere" }).errors).toEqual([]);
});

test("an error about the whole value stands at the top", () => {
  expect(errorSchema([{ pointer: "", message: "too much" }])).toEqual({ __errors: ["too much"] });
});
