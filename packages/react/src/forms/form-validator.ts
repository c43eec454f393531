import { type FieldError, type Json, type JsonSchema, jsonSchemaErrors, pointerPath } from "@holdpoint/core";
import {
  type ErrorSchema,
  ErrorSchemaBuilder,
  type RJSFSchema,
  type RJSFValidationError,
  type ValidationData,
  type ValidatorType,
} from "@rjsf/utils";

/** Checks forms by the rules the server checks by, without generated code, so that it runs under a strict CSP. */
export const formValidator: ValidatorType = {
  validateFormData: (formData, schema): ValidationData<unknown> => {
    const errors = errorsOf(schema, formData);
    return { errors: errors.map(listed), errorSchema: errorSchema(errors) };
  },
  isValid: (schema, formData, rootSchema) =>
    errorsOf({ ...definitionsOf(rootSchema), ...schema }, formData).length === 0,
  rawValidation: <Result>(schema: RJSFSchema, formData?: unknown) => ({
    errors: errorsOf(schema, formData) as unknown as Result[],
  }),
};

/** Errors by pointer as the tree that the form hands to its fields. */
export function errorSchema(errors: readonly FieldError[]): ErrorSchema {
  const builder = new ErrorSchemaBuilder();
  for (const { pointer, message } of errors) builder.addErrors(message, pointerPath(pointer));
  return builder.ErrorSchema;
}

/** A schema that can't be used refuses nothing here: the server has the last word. */
function errorsOf(schema: RJSFSchema, formData: unknown): FieldError[] {
  try {
    return jsonSchemaErrors(schema as JsonSchema, (formData ?? null) as Json);
  } catch {
    return [];
  }
}

/** What the schema's references may point into. */
function definitionsOf({ $defs, definitions }: RJSFSchema): RJSFSchema {
  return { ...($defs && { $defs }), ...(definitions && { definitions }) };
}

function listed({ pointer, message }: FieldError): RJSFValidationError {
  return { property: pointer.replaceAll("/", "."), message, stack: message };
}
