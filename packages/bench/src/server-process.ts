import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHoldpoint, sessionTokens } from "@holdpoint/server";
import express from "express";
import type { Usage } from "./bench-server.ts";
import { gateWorkflow } from "./gate-workflow.ts";

/** A server in a process of its own, so that the load doesn't share its thread. */
async function serve(database: string, secret: string): Promise<void> {
  const holdpoint = createHoldpoint({
    database,
    authenticate: sessionTokens({ secret }).authenticate,
    workflows: [gateWorkflow(() => undefined)],
    rateLimit: false,
  });
  const server = createServer(express().use("/api", holdpoint.router));
  holdpoint.attach(server);
  await holdpoint.start();
  server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on("message", async (request: "usage" | "stop") => {
    if (request === "usage") return process.send?.({ usage: usage() });
    server.close();
    await holdpoint.stop();
    process.disconnect();
  });
}

function usage(): Usage {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed, cpuMs: (user + system) / 1000 };
}

await serve(process.argv[2] ?? "", process.argv[3] ?? "");
