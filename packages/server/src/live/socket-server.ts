import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { isAllowedOrigin } from "../identity/allowed-origin.ts";
import type { LiveServer, LiveSocket } from "./live-socket.ts";

/** The most that a client may send at once, bytes: a subscription is all that it has to say. */
const mostReceivedBytes = 16_384;

/** How long a connection may take to say who it is, ms. */
const connectTimeoutMs = 10_000;

/** Where a socket server listens, and to whom. */
export interface SocketServerOptions {
  path: string;
  /** Other sites whose pages may connect. */
  allowedOrigins: readonly string[];
  /** Whether anybody is taken in now. */
  isOpen: () => boolean;
}

/** Socket.IO's server, kept small: text only, nothing recovered past authentication, no memory for old requests. */
export function createSocketServer({ path, isOpen, ...options }: SocketServerOptions): LiveServer {
  const allowedOrigins = [...options.allowedOrigins];
  const io: LiveServer = new Server({
    path,
    serveClient: false,
    addTrailingSlash: false,
    destroyUpgrade: false,
    transports: ["websocket", "polling"],
    maxHttpBufferSize: mostReceivedBytes,
    connectTimeout: connectTimeoutMs,
    allowRequest: (request, answer) => answer(undefined, isOpen() && isAllowedOrigin(request.headers, allowedOrigins)),
    ...(allowedOrigins.length > 0 && { cors: { origin: allowedOrigins, credentials: true } }),
  });
  io.on("connection", forgetHandshake);
  return io;
}

/** Has a live server answer the connections that come in through `httpServer`. */
export function serveOn(io: LiveServer, httpServer: HttpServer): void {
  io.attach(httpServer);
  io.engine.on("connection", (connection: LiveSocket["conn"]) => connection.prependListener("data", refuseAttachments));
}

/** Closes a connection that announces binary attachments, which Socket.IO would collect in memory until they are complete. */
function refuseAttachments(this: LiveSocket["conn"], data: unknown): void {
  if (typeof data !== "string" || data.startsWith("5") || data.startsWith("6")) this.close(true);
}

/** Lets go of the first request and of the token, which are of no use any more. */
function forgetHandshake(socket: LiveSocket): void {
  Object.assign(socket.conn, { request: null });
  socket.handshake.headers = {};
  socket.handshake.auth = {};
}
