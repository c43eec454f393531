import type { Server as HttpServer } from "node:http";
import { HoldpointError, type LiveNotice, type Subscription, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import type { Authenticate } from "../identity/authenticate.ts";
import { authenticateSocket } from "./handshake.ts";
import { isBehind, isDrained, type LiveServer, type LiveSocket } from "./live-socket.ts";
import type { LogTail } from "./log-tail.ts";
import { createSocketServer, serveOn } from "./socket-server.ts";
import { subscribeViewer } from "./subscription.ts";
import { TenantFeed } from "./tenant-feed.ts";

/** How the live feed is set up. */
export interface LiveFeedOptions {
  authenticate: Authenticate;
  /** Other sites whose pages may connect; those of the server's own always may. */
  allowedOrigins?: readonly string[];
  /** Where it listens, as in `/api/live`. */
  path: string;
}

/** How often streams' positions are told, ms. */
const beatMs = 15_000;

/** How often sockets are looked at, ms: for credentials that ended, and for clients that are behind. */
const sweepMs = 250;

/** How long `stop` waits for connections to close, ms. */
const closingMs = 1_000;

/** Pushes what changes to whoever may see it, over Socket.IO. */
export class LiveFeed {
  readonly #ctx: Context;
  readonly #log: LogTail;
  readonly #io: LiveServer;
  readonly #tenants = new Map<string, TenantFeed>();
  #open = false;
  #cancelBeat: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;

  constructor(ctx: Context, log: LogTail, { authenticate, allowedOrigins = [], path }: LiveFeedOptions) {
    this.#ctx = ctx;
    this.#log = log;
    this.#io = createSocketServer({ path, allowedOrigins, isOpen: () => this.#open });
    this.#io.use(authenticateSocket(authenticate, ctx.logger));
    this.#io.on("connection", (socket) => this.#welcome(socket));
  }

  /** Sockets that are connected. */
  get connections(): number {
    return this.#io.sockets.sockets.size;
  }

  /** Serves connections that come in through this server. */
  attach(httpServer: HttpServer): void {
    serveOn(this.#io, httpServer);
  }

  /** Takes connections from now on. */
  start(): void {
    this.#open = true;
    this.#scheduleBeat();
    this.#scheduleSweep();
  }

  /** Ends the connections of viewers whose rights have ended, on this node; returns how many. */
  revoke(who: (viewer: Viewer) => boolean): number {
    const revoked = this.#sockets().filter((socket) => who(socket.data.viewer));
    for (const socket of revoked) dismiss(socket, "revoked");
    return revoked.length;
  }

  /** Tells everyone that the server goes away and closes their connections. */
  async stop(): Promise<void> {
    this.#open = false;
    this.#cancelBeat?.();
    this.#cancelSweep?.();
    const sockets = this.#sockets();
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.conn.once("close", resolve))));
    for (const socket of sockets) dismiss(socket, "shutdown");
    await Promise.race([closed, new Promise<void>((resolve) => this.#ctx.clock.after(closingMs, resolve))]);
    this.#io.engine?.close();
    for (const tenant of this.#tenants.values()) tenant.close();
    this.#tenants.clear();
  }

  #welcome(socket: LiveSocket): void {
    if (!this.#open) {
      dismiss(socket, "shutdown");
      return;
    }
    socket.on("subscribe", (request, ack) => void this.#subscribe(socket, request, ack));
    socket.on("disconnect", () => this.#tenants.get(socket.data.viewer.tenantId)?.leave(socket));
  }

  /** Joins the rooms first and reads after, so that nothing falls in between. */
  async #subscribe(socket: LiveSocket, request: unknown, ack: unknown): Promise<void> {
    if (typeof ack !== "function") return;
    const { data } = socket;
    const answer = (reply: Subscription | { error: { code: string; message: string } }) => ack(reply);
    if (data.subscribing) return answer(asError(new HoldpointError("rate_limited", "One subscription at a time.")));
    data.subscribing = true;
    try {
      const tenant = await this.#tenant(data.viewer.tenantId);
      if (!socket.connected) return;
      data.stale = false;
      tenant.join(socket);
      answer(await subscribeViewer(this.#ctx, this.#log, data.viewer, { cursor: cursorOf(request) }));
    } catch (error) {
      this.#ctx.logger.error({ err: error }, "could not answer a live subscription");
      answer(asError(error));
    } finally {
      data.subscribing = false;
    }
  }

  async #tenant(tenantId: string): Promise<TenantFeed> {
    const tail = await this.#log.follow(tenantId);
    const tenant = this.#tenants.get(tenantId) ?? new TenantFeed(this.#io, tail);
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }

  #scheduleBeat(): void {
    this.#cancelBeat = this.#ctx.clock.after(beatMs, () => {
      this.#scheduleBeat();
      const now = new Date(this.#ctx.clock.now()).toISOString();
      for (const tenant of this.#tenants.values()) tenant.beat(now);
    });
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.#ctx.clock.after(sweepMs, () => {
      this.#scheduleSweep();
      const now = this.#ctx.clock.now();
      for (const socket of this.#io.sockets.sockets.values()) this.#inspect(socket, now);
      this.#dropEmptyTenants();
    });
  }

  /**
   * A socket whose credentials ended is closed. One that is behind gets nothing more, so that it costs no memory, until
   * what waits has been sent; then it is told to subscribe again.
   */
  #inspect(socket: LiveSocket, now: number): void {
    const { data } = socket;
    if (now >= data.expiresAt) {
      dismiss(socket, "expired");
    } else if (data.stale) {
      if (!isDrained(socket)) return;
      data.stale = false;
      socket.emit("notice", { reason: "stale" });
    } else if (isBehind(socket)) {
      data.stale = true;
      this.#tenants.get(data.viewer.tenantId)?.leave(socket);
    }
  }

  #dropEmptyTenants(): void {
    for (const [tenantId, tenant] of this.#tenants) {
      if (!tenant.empty) continue;
      tenant.close();
      this.#tenants.delete(tenantId);
    }
  }

  #sockets(): LiveSocket[] {
    return [...this.#io.sockets.sockets.values()];
  }
}

function dismiss(socket: LiveSocket, reason: LiveNotice["reason"]): void {
  socket.emit("notice", { reason });
  socket.disconnect(true);
}

function cursorOf(request: unknown): string | undefined {
  if (typeof request !== "object" || request === null || !("cursor" in request)) return undefined;
  return typeof request.cursor === "string" ? request.cursor : undefined;
}

function asError(error: unknown): { error: { code: string; message: string } } {
  if (error instanceof HoldpointError) return { error: { code: error.code, message: error.message } };
  return { error: { code: "internal", message: "The server could not answer; try again." } };
}
