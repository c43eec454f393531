import type { FieldError } from "../error.ts";
import { type Json, type JsonSchema, jsonProblem } from "../json/json.ts";
import { jsonSchemaErrors } from "../json/json-schema-errors.ts";

/**
 * What a tool's arguments look like: a JSON Schema, or a schema of zod, Valibot, ArkType ... (Standard Schema), or what
 * the AI SDK's `jsonSchema()` gives.
 */
export type ToolSchema = JsonSchema | StandardSchema | WrappedSchema;

/** The part of Standard Schema (standardschema.dev) that is used here. */
export interface StandardSchema {
  readonly "~standard": {
    validate(value: unknown): StandardResult | Promise<StandardResult>;
    /** Of its JSON Schema extension. */
    jsonSchema?: { input(options: { target: "draft-2020-12" }): Record<string, unknown> };
  };
}

type StandardResult =
  | { value: unknown; issues?: undefined }
  | { issues: readonly { message: string; path?: readonly unknown[] }[] };

interface WrappedSchema {
  readonly jsonSchema: unknown;
  /** The tool's own check; it stands in for the one by the JSON Schema, as in the AI SDK. */
  readonly validate?: ((value: unknown) => WrappedResult | PromiseLike<WrappedResult>) | undefined;
}

type WrappedResult = { success: true; value: unknown } | { success: false; error: Error };

/** What came of a model's arguments. */
export type ParsedArguments = { args: unknown } | { problem: string };

/** The JSON Schema that a reviewer's edits are checked against; undefined when the schema has none to give. */
export function jsonSchemaOf(schema: unknown): JsonSchema | undefined {
  if (isStandard(schema)) return asSchema(inputSchemaOf(schema));
  if (isWrapped(schema)) return asSchema(schema.jsonSchema);
  return typeof schema === "object" ? asSchema(schema) : undefined;
}

/** Checks arguments by a tool's schema and gives them as its function takes them. Never rejects, also where a schema throws. */
export async function parseArguments(schema: unknown, args: unknown): Promise<ParsedArguments> {
  try {
    return await parsedBy(schema, args);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function parsedBy(schema: unknown, args: unknown): Promise<ParsedArguments> {
  if (isStandard(schema)) {
    const result = await schema["~standard"].validate(args);
    return result.issues ? { problem: result.issues.map(issueText).join("; ") } : { args: result.value };
  }
  if (isWrapped(schema) && schema.validate) {
    const result = await schema.validate(args);
    return result.success ? { args: result.value } : { problem: result.error.message };
  }
  const problem = jsonProblem(args)?.message;
  if (problem !== undefined) return { problem: `they ${problem}` };
  const json = jsonSchemaOf(schema);
  const errors = json ? jsonSchemaErrors(json, args as Json) : [];
  return errors.length > 0 ? { problem: errors.map(errorText).join("; ") } : { args };
}

function isStandard(schema: unknown): schema is StandardSchema {
  return (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema;
}

function isWrapped(schema: unknown): schema is WrappedSchema {
  return typeof schema === "object" && schema !== null && "jsonSchema" in schema && !("type" in schema);
}

/** Not every schema can be written as JSON Schema. */
function inputSchemaOf(schema: StandardSchema): unknown {
  try {
    return schema["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
  } catch {
    return undefined;
  }
}

/** Only what can be stored; a copy, because schemas of libraries may share and freeze their parts. */
function asSchema(schema: unknown): JsonSchema | undefined {
  if (typeof schema !== "object" || schema === null || "then" in schema) return undefined;
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function issueText({ message, path = [] }: { message: string; path?: readonly unknown[] }): string {
  const keys = path.map((part) => (typeof part === "object" && part !== null && "key" in part ? part.key : part));
  return keys.length > 0 ? `${keys.join(".")}: ${message}` : message;
}

function errorText({ pointer, message }: FieldError): string {
  return pointer === "" ? message : `${pointer.slice(1)} ${message}`;
}
