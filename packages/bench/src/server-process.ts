import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHoldpoint, sessionTokens } from "@holdpoint/server";
import express from "express";
import { gateWorkflow } from "./gate-workflow.ts";
import { answerUsage } from "./usage.ts";

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
  answerUsage();
  const stop = async () => {
    server.close();
    await holdpoint.stop();
  };
  // Also when whoever measures has ended without a word.
  process.once("disconnect", stop);
  process.on("message", (message) => message === "stop" && process.disconnect());
}

await serve(process.argv[2] ?? "", process.argv[3] ?? "");
