import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HoldpointError } from "@holdpoint/core";
import express from "express";
import helmet from "helmet";
import { createHoldpoint, type Holdpoint } from "../holdpoint.ts";
import type { HoldpointOptions } from "../options.ts";
import { packageVersion } from "../package-version.ts";

/** Where to listen. */
export interface ListenOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
}

/** How long connections may take to get the last answers through, ms. */
const lastAnswersMs = 500;

/** A Holdpoint on an HTTP server of its own: the API at `/api`, the live feed at `/api/live`. */
export interface StandaloneServer {
  /** Where it listens, as an address for people to open. */
  readonly url: string;
  /** Stops accepting, ends what is under way and closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts a Holdpoint and listens for it.
 *
 * @throws {HoldpointError} `unavailable` when the address can't be had, or for what `Holdpoint.start` refuses
 */
export async function startStandaloneServer(
  options: HoldpointOptions,
  listenOn: ListenOptions,
): Promise<StandaloneServer> {
  const holdpoint = createHoldpoint(options);
  const server = createServer(standaloneApp(holdpoint));
  holdpoint.attach(server);
  await holdpoint.start();
  try {
    await listen(server, listenOn);
  } catch (error) {
    await holdpoint.stop();
    throw error;
  }
  return {
    url: addressOf(server),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await holdpoint.stop();
      setTimeout(() => server.closeAllConnections(), lastAnswersMs).unref();
      await closed;
    },
  };
}

function standaloneApp(holdpoint: Holdpoint): express.Express {
  const app = express().disable("x-powered-by");
  app.use("/api", holdpoint.router);
  app.get("/", helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } }), (_req, res) => {
    res.type("html").send(frontPage(packageVersion()));
  });
  return app;
}

function frontPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Holdpoint</title>
<h1>Holdpoint ${version}</h1>
<p>The approvals API is at <code>/api</code> (<a href="/api/openapi.json">its description</a>), the live feed at <code>/api/live</code>.</p>
`;
}

function listen(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "it is in use; choose another with --port" : error.message;
      reject(new HoldpointError("unavailable", `Can't listen on port ${port} of ${host}: ${why}.`));
    });
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
