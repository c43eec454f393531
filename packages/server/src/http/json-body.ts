import { HoldpointError } from "@holdpoint/core";
import express, { type RequestHandler } from "express";

/** Largest body taken, in bytes. */
export const bodyLimit = 256 * 1024;

/**
 * Reads a JSON body of bounded size into `req.body`; `undefined` when there is none. A body that the host has parsed
 * already is kept.
 */
export function jsonBody(): RequestHandler[] {
  return [express.json({ limit: bodyLimit, strict: false, type: ["json", "+json"] }), refuseOtherTypes];
}

/** @throws {HoldpointError} `payload_too_large` when a value that came in process would be too large a body */
export function assertBodySize(body: object): void {
  if (Buffer.byteLength(JSON.stringify(body)) > bodyLimit) throw bodyTooLarge();
}

/** The error for a body over {@link bodyLimit}. */
export function bodyTooLarge(): HoldpointError {
  return new HoldpointError("payload_too_large", `The body is larger than ${bodyLimit} bytes; send less.`);
}

const refuseOtherTypes: RequestHandler = (req, _res, next) => {
  if (req.body === undefined && hasBody(req.headers)) {
    throw new HoldpointError(
      "invalid_request",
      "Send the body as JSON, with the header content-type: application/json.",
    );
  }
  next();
};

function hasBody(headers: { "content-length"?: string; "transfer-encoding"?: string }): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
