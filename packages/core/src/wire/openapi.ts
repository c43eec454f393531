import * as z from "zod";
import { approvalSchema } from "../approval/approval.ts";
import { approvalRequestSchema } from "../approval/approval-request.ts";
import { bulkRespondSchema, bulkResultSchema } from "../approval/bulk-respond.ts";
import { contentBlockSchema } from "../approval/content-block.ts";
import { decisionSchema, outcomeSchema, respondInputSchema } from "../approval/decision.ts";
import { deliverySchema } from "../delivery/delivery.ts";
import { type ErrorCode, errorStatus } from "../error.ts";
import type { JsonObject } from "../json/json.ts";
import { logEventSchema } from "../log/event.ts";
import { grantSchema } from "../policy/grant.ts";
import { policyExplanationSchema } from "../policy/policy-explanation.ts";
import { runRequestSchema, runSchema } from "../runs/run.ts";
import { eventInputSchema, sentEventSchema } from "../runs/sent-event.ts";
import { countsSchema } from "./counts-schema.ts";
import { errorBodySchema } from "./error-schema.ts";
import { subscriptionSchema } from "./live.ts";
import type { Route } from "./route.ts";

/** What an API description says about the server. */
export interface OpenApiInfo {
  title: string;
  version: string;
  /** Where the routes are mounted, e.g. `https://example.com/api`. */
  serverUrl?: string;
  /** Paths that are in no route table, as OpenAPI has them. */
  otherPaths?: JsonObject;
}

/** Schemas that have a name of their own in the description. */
const named: Record<string, z.ZodType> = {
  Approval: approvalSchema,
  ApprovalRequest: approvalRequestSchema,
  BulkRespond: bulkRespondSchema,
  BulkResult: bulkResultSchema,
  ContentBlock: contentBlockSchema,
  Counts: countsSchema,
  Decision: decisionSchema,
  Delivery: deliverySchema,
  Error: errorBodySchema,
  EventInput: eventInputSchema,
  Grant: grantSchema,
  LogEvent: logEventSchema,
  Outcome: outcomeSchema,
  RespondInput: respondInputSchema,
  PolicyExplanation: policyExplanationSchema,
  Run: runSchema,
  RunRequest: runRequestSchema,
  SentEvent: sentEventSchema,
  Subscription: subscriptionSchema,
};

/** Describes a route table as an OpenAPI 3.1 document. */
export function openApiDocument(routes: Readonly<Record<string, Route>>, info: OpenApiInfo): JsonObject {
  const { title, version, serverUrl, otherPaths } = info;
  const { schemas, schemaOf } = convertSchemas(Object.values(routes));
  const paths: Record<string, JsonObject> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, schemaOf) };
  }
  return {
    openapi: "3.1.0",
    info: { title, version },
    ...(serverUrl === undefined ? {} : { servers: [{ url: serverUrl }] }),
    security: [{ token: [] }],
    paths: { ...paths, ...otherPaths },
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

/** The JSON Schema of a route's part or answer; a reference when it has a name. */
type SchemaOf = (schema: z.ZodType) => JsonObject;

function operation(name: string, route: Route, schemaOf: SchemaOf): JsonObject {
  const { summary, roles, params, query, headers, body, responses, errors } = route;
  return {
    operationId: name,
    summary,
    ...(roles && { description: `For the roles ${roles.join(", ")}.` }),
    parameters: [
      ...parameters("path", params && schemaOf(params)),
      ...parameters("query", query && schemaOf(query)),
      ...parameters("header", headers && schemaOf(headers)),
    ],
    ...(body && { requestBody: { required: true, content: jsonContent(schemaOf(body)) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, schema]) => [
          status,
          { description: "Success", content: jsonContent(schemaOf(schema)) },
        ]),
      ),
      ...failures(errors, schemaOf(errorBodySchema)),
    },
  };
}

function parameters(place: "path" | "query" | "header", part: JsonObject | undefined): JsonObject[] {
  const { properties = {}, required = [] } = part ?? {};
  return Object.entries(properties as Record<string, JsonObject>).map(([name, schema]) => ({
    name,
    in: place,
    required: (required as string[]).includes(name),
    // A list is sent as "a,b"; repeating the name works too.
    ...(schema.type === "array" && { style: "form", explode: false }),
    schema,
  }));
}

function failures(codes: readonly ErrorCode[], schema: JsonObject): JsonObject {
  const byStatus = Map.groupBy(codes, (code) => errorStatus[code]);
  const answers = [...byStatus].map(([status, those]) => [
    String(status),
    { description: those.join(", "), content: jsonContent(schema) },
  ]);
  return Object.fromEntries(answers);
}

function jsonContent(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

/** Converts the named schemas and those of the routes together, so that they refer to each other by name. */
function convertSchemas(routes: Route[]): { schemas: JsonObject; schemaOf: SchemaOf } {
  const ids = new Map(Object.entries(named).map(([name, schema]) => [schema, name]));
  for (const { params, query, headers, body, responses } of routes) {
    for (const schema of [params, query, headers, body, ...Object.values(responses)]) {
      if (schema && !ids.has(schema)) ids.set(schema, `inline${ids.size}`);
    }
  }
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of ids) registry.add(schema, { id });
  const uri = (id: string) => `#/components/schemas/${id}`;
  const converted = z.toJSONSchema(registry, { uri, io: "output", unrepresentable: "any", override: tolerate }).schemas;
  return {
    schemas: Object.fromEntries(Object.keys(named).map((name) => [name, plain(converted[name])])),
    schemaOf(schema) {
      const id = ids.get(schema) ?? "";
      return Object.hasOwn(named, id) ? { $ref: uri(id) } : plain(converted[id]);
    },
  };
}

/** Answers may get new fields; only requests refuse unknown ones. */
function tolerate({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  if (zodSchema._zod.def.type === "object" && zodSchema._zod.def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
}

function plain(schema: z.core.JSONSchema.BaseSchema = {}): JsonObject {
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  return rest as JsonObject;
}
