import { HoldpointError } from "@holdpoint/core";
import type { RequestHandler } from "express";
import { type Authenticate, bearerToken } from "../identity/authenticate.ts";

/** Puts the caller into `res.locals.viewer`; refuses who isn't known with 401 `unauthenticated`. */
export function requireViewer(authenticate: Authenticate): RequestHandler {
  return async (req, res, next) => {
    const token = bearerToken(req.headers);
    const viewer = await authenticate({ headers: req.headers, token });
    if (!viewer) {
      const hint =
        token === undefined ? "Send a token: Authorization: Bearer <token>." : "The token is not valid here.";
      throw new HoldpointError("unauthenticated", `Nobody is signed in. ${hint}`);
    }
    res.locals.viewer = viewer;
    next();
  };
}
