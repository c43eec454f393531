import { openApiDocument, routes } from "@holdpoint/core";
import cors from "cors";
import { Router } from "express";
import type { Authenticate } from "../identity/authenticate.ts";
import { packageVersion } from "../package-version.ts";
import { answerError, answerUnknownRoute } from "./answer-error.ts";
import { bindRoutes } from "./bind-routes.ts";
import { createHandlers, type HandlerServices } from "./handlers.ts";
import type { Metrics } from "./metrics.ts";
import { operationsPaths, operationsRouter } from "./operations.ts";
import { originGuard } from "./origin-guard.ts";
import { limitRate, type RateLimit } from "./rate-limit.ts";
import { requireViewer } from "./require-viewer.ts";
import { sendJson } from "./send-json.ts";

/** How the API is served. */
export interface ApiOptions {
  authenticate: Authenticate;
  allowedOrigins: readonly string[];
  mountPath: string;
  rateLimit: RateLimit | false;
  metrics: Metrics;
  metricsToken?: string;
  /** Aborted when long waits have to end. */
  stopping: AbortSignal;
}

/** The whole HTTP API, to be mounted on any path of an Express app. */
export function apiRouter(services: HandlerServices, options: ApiOptions): Router {
  const { authenticate, allowedOrigins, mountPath, rateLimit, metrics, stopping } = options;
  const router = Router();
  router.use(crossOrigin(allowedOrigins), originGuard(allowedOrigins));
  router.use(
    bindRoutes(createHandlers(services), {
      timed: metrics.timed,
      requireViewer: requireViewer(authenticate),
      limits: rateLimit ? [limitRate(rateLimit)] : [],
      stopping,
    }),
  );
  router.use(operationsRouter(services.ctx, options));
  router.use(descriptionRouter(mountPath));
  router.use(answerUnknownRoute, answerError(services.ctx));
  return router;
}

/** Lets pages of the allowed origins read our answers. */
function crossOrigin(allowedOrigins: readonly string[]) {
  return cors({
    origin: [...allowedOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: ["Authorization", "Content-Type", "Idempotency-Key"],
    exposedHeaders: ["Retry-After"],
    maxAge: 600,
  });
}

function descriptionRouter(mountPath: string): Router {
  const router = Router();
  const describe = () =>
    openApiDocument(routes, {
      title: "Holdpoint",
      version: packageVersion(),
      serverUrl: mountPath || "/",
      otherPaths: operationsPaths,
    });
  let description: object | undefined;
  router.get("/openapi.json", (_req, res) => {
    description ??= describe();
    sendJson(res, 200, description);
  });
  return router;
}
