import { HoldpointError } from "@holdpoint/core";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Context } from "../context.ts";
import { unexpectedError } from "../unexpected-error.ts";
import { bodyTooLarge } from "./json-body.ts";
import { sendJson } from "./send-json.ts";

/** Answers requests that no route took. */
export const answerUnknownRoute: RequestHandler = (req) => {
  throw new HoldpointError(
    "not_found",
    `There is no ${req.method} ${req.path} here; /openapi.json says what there is.`,
  );
};

/** Answers with the one error shape. What isn't a {@link HoldpointError} is logged, and the caller gets its log id only. */
export function answerError(ctx: Context): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const known = toHoldpointError(error) ?? unexpectedError(ctx, error, `${req.method} ${req.path}`);
    if (known.code === "unauthenticated") res.setHeader("WWW-Authenticate", challenge(req.headers.authorization));
    sendJson(res, known.status, known);
  };
}

function toHoldpointError(error: unknown): HoldpointError | undefined {
  if (error instanceof HoldpointError) return error;
  if (!isRequestError(error)) return undefined;
  if (error.status === 413) return bodyTooLarge();
  const what = error.type === "entity.parse.failed" ? "The body is not valid JSON" : "The request can't be read";
  return new HoldpointError("invalid_request", `${what}: ${error.message}`);
}

/** The shape of errors by Express and its body parser that are the caller's fault. */
interface RequestError extends Error {
  status: number;
  type?: string;
}

function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && "status" in error && Number(error.status) >= 400 && Number(error.status) < 500;
}

/** RFC 6750, section 3: says `invalid_token` only to those who sent one. */
function challenge(authorization: string | undefined): string {
  return authorization ? 'Bearer realm="holdpoint", error="invalid_token"' : 'Bearer realm="holdpoint"';
}
