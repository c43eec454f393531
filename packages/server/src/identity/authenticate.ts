import type { IncomingHttpHeaders } from "node:http";
import { HoldpointError, type Viewer } from "@holdpoint/core";

/** What a caller shows to say who it is: the same for HTTP requests and live connections. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  /** The bearer token: from the `Authorization` header, or from a live connection's handshake. */
  token?: string;
}

/**
 * Says who is calling: the viewer, or null when the credentials are not of this kind. Throws a {@link HoldpointError}
 * `unauthenticated` when they are, but don't hold any more, so that the caller is told why.
 */
export type Authenticate = (credentials: Credentials) => Viewer | null | Promise<Viewer | null>;

/** Tries each way in order. The first viewer wins; when there is none, the first reason given is thrown. */
export function anyOf(...ways: Authenticate[]): Authenticate {
  return async (credentials) => {
    let refusal: HoldpointError | undefined;
    for (const authenticate of ways) {
      try {
        const viewer = await authenticate(credentials);
        if (viewer) return viewer;
      } catch (error) {
        if (!(error instanceof HoldpointError)) throw error;
        refusal ??= error;
      }
    }
    if (refusal) throw refusal;
    return null;
  };
}

/** The token of an `Authorization: Bearer` header; the scheme's name is case-insensitive (RFC 9110, section 11.1). */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
}
