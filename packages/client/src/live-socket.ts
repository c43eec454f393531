import {
  type ClientToServer,
  type ErrorCode,
  errorStatus,
  HoldpointError,
  type ServerToClient,
  type Subscription,
} from "@holdpoint/core";
import type { Socket } from "socket.io-client";
import type { CloseReason, LiveConnection, LiveListener } from "./transport.ts";

type LiveSocket = Socket<ServerToClient, ClientToServer>;

/** How long to wait for a connection, and for the answer to a subscription, ms. */
const answerMs = 10_000;

/**
 * Opens a Socket.IO connection. It is used once and doesn't reconnect: the live store decides when, and with which
 * token. Socket.IO's client is loaded when it is first needed.
 *
 * @param url of the live feed: its path is where Socket.IO listens
 */
export function openSocket(url: string, listener: LiveListener, token: () => Promise<string | null>): LiveConnection {
  let socket: LiveSocket | undefined;
  let ended = false;

  const end = (reason: CloseReason) => {
    if (ended) return;
    ended = true;
    socket?.disconnect();
    listener.closed(reason);
  };

  const open = async () => {
    const [{ io }, auth] = await Promise.all([import("socket.io-client"), token()]);
    if (ended) return;
    const { origin, pathname } = new URL(url, globalThis.location?.href);
    socket = io(origin, {
      path: pathname,
      addTrailingSlash: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: answerMs,
      auth: auth === null ? {} : { token: auth },
      withCredentials: auth === null,
    });
    listen(socket, listener, end);
  };

  open().catch(() => end("unreachable"));
  return {
    subscribe: (cursor) => subscribe(socket, cursor),
    close() {
      ended = true;
      socket?.disconnect();
    },
  };
}

function listen(socket: LiveSocket, listener: LiveListener, end: (reason: CloseReason) => void): void {
  socket.on("connect", () => listener.opened());
  socket.on("changes", (frame) => listener.frame(frame));
  socket.on("head", (head) => listener.head(head));
  socket.on("notice", (notice) => listener.notice(notice));
  socket.on("disconnect", () => end("lost"));
  socket.on("connect_error", (error) => end(isRefusal(error) ? "refused" : "unreachable"));
}

/** A server that answers but doesn't let us in says so in `data`. */
function isRefusal(error: Error & { data?: { code?: unknown } }): boolean {
  return error.data?.code === "unauthenticated" || error.data?.code === "forbidden";
}

function subscribe(socket: LiveSocket | undefined, cursor: string | undefined): Promise<Subscription> {
  return new Promise((resolve, reject) => {
    if (!socket?.connected) return reject(new HoldpointError("unavailable", "The live connection is not open."));
    socket.timeout(answerMs).emit("subscribe", { cursor }, (error, answer) => {
      if (error) reject(new HoldpointError("unavailable", "The live connection gave no answer."));
      else if ("error" in answer) reject(new HoldpointError(codeOf(answer.error.code), answer.error.message));
      else resolve(answer);
    });
  });
}

function codeOf(code: string): ErrorCode {
  return Object.hasOwn(errorStatus, code) ? (code as ErrorCode) : "internal";
}
