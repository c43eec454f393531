import { HoldpointError, type Viewer } from "@holdpoint/core";
import type { Logger } from "pino";
import type { Authenticate } from "../identity/authenticate.ts";
import type { LiveSocket } from "./live-socket.ts";
import { streamsOf } from "./streams.ts";

/**
 * Finds out who opens a connection, by the host's `authenticate`, before anything else is heard from it. The token comes
 * from the handshake's `auth`, never from the query string, which ends up in logs.
 */
export function authenticateSocket(authenticate: Authenticate, logger: Logger) {
  return async (socket: LiveSocket, next: (error?: Error) => void): Promise<void> => {
    try {
      const { headers, auth } = socket.handshake;
      const token: unknown = auth.token;
      const viewer = await authenticate({ headers, token: typeof token === "string" ? token : undefined });
      if (!viewer) throw new HoldpointError("unauthenticated", "Sign in first: no valid credentials were given.");
      socket.data = socketData(viewer);
      next();
    } catch (error) {
      if (!(error instanceof HoldpointError)) logger.error({ err: error }, "authenticate failed for a live connection");
      next(refusal(error));
    }
  };
}

function socketData(viewer: Viewer): LiveSocket["data"] {
  const expiresAt = viewer.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(viewer.expiresAt);
  return { viewer, expiresAt, streams: streamsOf(viewer), joined: false, stale: false, subscribing: false };
}

/** Socket.IO hands `message` and `data` to the client that it refuses. */
function refusal(error: unknown): Error {
  const { code, message } =
    error instanceof HoldpointError
      ? error
      : new HoldpointError("internal", "Signing in failed on the server; try again.");
  return Object.assign(new Error(message), { data: { code, message } });
}
