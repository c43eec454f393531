import type * as z from "zod";
import type { ErrorCode } from "../error.ts";
import type { Role } from "../viewer.ts";
import type { Endpoint } from "./endpoints.ts";

/** One HTTP route: what it takes, what it answers, who may call it. */
export interface Route extends Endpoint {
  /** One line for the API's readers. */
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  /** Names in lower case. */
  headers?: z.ZodType;
  body?: z.ZodType;
  /** By status; all are successes. */
  responses: Readonly<Record<number, z.ZodType>>;
  errors: readonly ErrorCode[];
  /** Default: every role. */
  roles?: readonly Role[];
}

/** Parts of a request that a route can take. */
export type RoutePart = "params" | "query" | "headers" | "body";

/** What a route takes, by part; parts that it doesn't have are not there. */
export type RouteInput<R extends Route> = {
  [P in RoutePart as R[P] extends z.ZodType ? P : never]: z.output<NonNullable<R[P]>>;
};

/** What a route answers. */
export type RouteOutput<R extends Route> = z.output<R["responses"][keyof R["responses"] & number]>;
