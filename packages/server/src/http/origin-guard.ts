import { HoldpointError } from "@holdpoint/core";
import type { RequestHandler } from "express";
import { isAllowedOrigin } from "../identity/allowed-origin.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses requests by which another site's page would change state (cross-site request forgery). */
export function originGuard(allowedOrigins: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    if (safeMethods.has(req.method) || isAllowedOrigin(req.headers, allowedOrigins)) return next();
    throw new HoldpointError(
      "forbidden",
      `Pages of ${req.headers.origin} may not call this server; its operator can add them to allowedOrigins.`,
    );
  };
}
