import { timingSafeEqual } from "node:crypto";
import { type ErrorCode, HoldpointError, type Json, type JsonObject } from "@holdpoint/core";
import { type RequestHandler, Router } from "express";
import type { Context } from "../context.ts";
import { bearerToken } from "../identity/authenticate.ts";
import type { Metrics } from "./metrics.ts";

/** What {@link operationsRouter} serves. */
export interface OperationsOptions {
  metrics: Metrics;
  /** When given, `/metrics` wants it as a bearer token. */
  metricsToken?: string;
}

/**
 * What operators ask, without a viewer: `/healthz` (the process answers), `/readyz` (the database does too, else 503)
 * and `/metrics` (Prometheus).
 */
export function operationsRouter(ctx: Context, { metrics, metricsToken }: OperationsOptions): Router {
  const router = Router();
  router.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  router.get("/readyz", async (_req, res) => {
    await reachDatabase(ctx);
    res.json({ status: "ready" });
  });
  router.get("/metrics", requireToken(metricsToken), async (_req, res) => {
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

/** What is served without a viewer, for the API's description; the description itself too. */
export const operationsPaths = {
  "/healthz": described("getHealth", "Whether the process answers", { 200: answerOf("application/json") }),
  "/readyz": described("getReadiness", "Whether the database can be reached too", {
    200: answerOf("application/json"),
    503: refusalOf("unavailable"),
  }),
  "/metrics": described(
    "getMetrics",
    "Figures for Prometheus; with the server's metrics token, where one is set",
    { 200: answerOf("text/plain"), 401: refusalOf("unauthenticated") },
    [{ token: [] }, {}],
  ),
  "/openapi.json": described("getDescription", "This document", { 200: answerOf("application/json") }),
};

function described(operationId: string, summary: string, responses: JsonObject, security: Json = []) {
  return { get: { operationId, summary, security, parameters: [], responses } };
}

function answerOf(type: string): JsonObject {
  return { description: "Success", content: { [type]: {} } };
}

function refusalOf(code: ErrorCode): JsonObject {
  const schema = { $ref: "#/components/schemas/Error" };
  return { description: code, content: { "application/json": { schema } } };
}

async function reachDatabase({ store, logger }: Context): Promise<void> {
  try {
    await store.ping();
  } catch (error) {
    logger.warn({ err: error }, "database unreachable");
    throw new HoldpointError("unavailable", "The database can't be reached; try again later.");
  }
}

function requireToken(expected: string | undefined): RequestHandler {
  return (req, _res, next) => {
    if (expected !== undefined && !isSame(bearerToken(req.headers) ?? "", expected)) {
      throw new HoldpointError("unauthenticated", "Metrics want the server's metrics token as a bearer token.");
    }
    next();
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
