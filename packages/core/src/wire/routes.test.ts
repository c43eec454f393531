import { expect, expectTypeOf, test } from "vitest";
import type { Approval } from "../approval/approval.ts";
import type { ApprovalQuery } from "../approval/approval-query.ts";
import type { RespondInput } from "../approval/decision.ts";
import type { Json } from "../json/json.ts";
import { parse } from "../json/parse.ts";
import { endpoints } from "./endpoints.ts";
import { openApiDocument } from "./openapi.ts";
import type { Page } from "./page.ts";
import type { Route, RouteInput, RouteOutput } from "./route.ts";
import { type Routes, routes } from "./routes.ts";

const table: [string, Route][] = Object.entries(routes);

test("no route hides another: static paths stand before those with parameters", () => {
  for (const [i, [name, { method, path }]] of table.entries()) {
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`);
    const hidden = table.slice(i + 1).filter(([, later]) => later.method === method && pattern.test(later.path));
    expect(hidden.map(([other]) => `${name} hides ${other}`)).toEqual([]);
  }
});

test("every endpoint has its route", () => {
  expect(Object.keys(routes)).toEqual(Object.keys(endpoints));
});

test("a route has the parameters that its path names, and a body only when it writes", () => {
  for (const [, { method, path, params, body }] of table) {
    const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(params ? Object.keys(parse(params, { id: "x" }) as object) : []).toEqual(named);
    expect(body !== undefined).toBe(method === "POST");
  }
});

test("the types of a route's input and answer follow from the table", () => {
  expectTypeOf<RouteInput<Routes["listApprovals"]>>().toEqualTypeOf<{ query: ApprovalQuery }>();
  expectTypeOf<RouteInput<Routes["respond"]>["body"]>().toEqualTypeOf<RespondInput>();
  expectTypeOf<RouteInput<Routes["getCounts"]>>().toEqualTypeOf<Record<never, never>>();
  expectTypeOf<RouteOutput<Routes["requestApproval"]>>().toEqualTypeOf<Approval>();
  expectTypeOf<RouteOutput<Routes["listApprovals"]>>().toEqualTypeOf<Page<Approval>>();
});

const document = openApiDocument(routes, { title: "Holdpoint", version: "1.2.3", serverUrl: "/api" });
const paths = document.paths as Record<string, Record<string, { operationId: string; parameters: { name: string }[] }>>;

test("the API description has an operation for every route", () => {
  const described = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(described.toSorted()).toEqual(Object.keys(routes).toSorted());
  expect(document).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" }, servers: [{ url: "/api" }] });
});

test("the API description names parameters in paths, queries and headers", () => {
  const names = (path: string, method: string) => paths[path]?.[method]?.parameters.map(({ name }) => name);
  expect(names("/approvals/{id}/respond", "post")).toEqual(["id", "idempotency-key"]);
  expect(names("/changes", "get")).toEqual(["since", "limit"]);
});

test("every reference in the API description leads somewhere, and every named schema is described", () => {
  const text = JSON.stringify(document);
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas;
  const referenced = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
  expect([...referenced].filter((name) => !Object.hasOwn(schemas, name as string))).toEqual([]);
  expect(text.match(/"\$ref"/g)?.length).toBe(text.match(/"\$ref":"#\/components\/schemas\/\w+"/g)?.length);
  for (const schema of Object.values(schemas)) expect(Object.keys(schema as object)).not.toEqual([]);
});

test("the API description lets answers grow and refuses unknown fields in requests", () => {
  const { schemas } = document.components as { schemas: Record<string, { additionalProperties?: boolean }> };
  expect(schemas.ApprovalRequest?.additionalProperties).toBe(false);
  expect(schemas.Approval?.additionalProperties).toBeUndefined();
});
