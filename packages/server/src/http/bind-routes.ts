import { parse, type Route, type RouteInput, type RouteName, type Routes, routes, type Viewer } from "@holdpoint/core";
import { type Request, type RequestHandler, type Response, Router } from "express";
import type * as z from "zod";
import { assertRole } from "../identity/assert-role.ts";
import { hangUpSignal } from "./hang-up.ts";
import { jsonBody } from "./json-body.ts";
import { sendJson } from "./send-json.ts";

/** One call of a route, checked. */
export interface Call<N extends RouteName> {
  viewer: Viewer;
  input: RouteInput<Routes[N]>;
  /** Whether a page in a browser made it: browsers say where such requests come from, and scripts can't leave it out. */
  fromPage: boolean;
  /** Aborted when nobody waits for the answer any more. */
  signal(): AbortSignal;
}

type Responses<N extends RouteName> = Routes[N]["responses"];

/** A status that the route has, with the body that goes with it. */
export type Answer<N extends RouteName> = {
  [S in keyof Responses<N>]: { status: S; body: Responses<N>[S] extends z.ZodType<infer T> ? T : never };
}[keyof Responses<N>];

/** A function for every route of the table: one that is missing, or answers something else, doesn't compile. */
export type Handlers = { [N in RouteName]: (call: Call<N>) => Promise<Answer<N>> };

/** What stands before the handlers. */
export interface RouteGuards {
  /** Times and counts a route's requests. */
  timed(route: string): RequestHandler;
  /** Puts the caller into `res.locals.viewer`. */
  requireViewer: RequestHandler;
  /** Run once the viewer is known and before the body is read. */
  limits: RequestHandler[];
  stopping: AbortSignal;
}

/** A router with every route of core's table, each checking its input by the table's schemas. */
export function bindRoutes(handlers: Handlers, guards: RouteGuards): Router {
  const router = Router();
  for (const name of Object.keys(routes) as RouteName[]) {
    bindRoute(router, name, handlers[name] as BoundHandler, guards);
  }
  return router;
}

/** A handler whose input is what its route's schemas have let through: the table pairs the two by name. */
type BoundHandler = (call: Omit<Call<RouteName>, "input"> & { input: unknown }) => Promise<Answer<RouteName>>;

function bindRoute(router: Router, name: RouteName, handle: BoundHandler, guards: RouteGuards): void {
  const route: Route = routes[name];
  const { timed, requireViewer, limits, stopping } = guards;
  const verb = route.method === "GET" ? "get" : "post";
  const before = [timed(name), requireViewer, ...limits, requireRole(route), ...(route.body ? jsonBody() : [])];
  router[verb](route.path, ...before, async (req: Request, res: Response) => {
    const { status, body } = await handle({
      viewer: res.locals.viewer,
      input: readInput(route, req),
      fromPage: req.headers.origin !== undefined,
      signal: () => hangUpSignal(res, stopping),
    });
    sendJson(res, status, body);
  });
}

function requireRole(route: Route): RequestHandler {
  return (_req, res, next) => {
    assertRole(res.locals.viewer, route);
    next();
  };
}

/** The parts of a request that the route takes; whatever is wrong with one is an `invalid_request` that names it. */
function readInput(route: Route, req: Request): Partial<Record<keyof RouteInput<Route>, unknown>> {
  const { params, query, headers, body } = route;
  return {
    ...(params && { params: parse(params, req.params, "path") }),
    ...(query && { query: parse(query, queryOf(req), "query") }),
    ...(headers && { headers: parse(headers, req.headers, "headers") }),
    ...(body && { body: parse(body, req.body ?? {}, "body") }),
  };
}

/** The query as text, or lists of text where a name is repeated, whichever query parser the host has chosen. */
function queryOf(req: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(req.url, "http://localhost");
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values.join() : values];
    }),
  );
}
