import { createServer, type Server } from "node:http";
import { createHoldpoint, type Holdpoint, sessionTokens } from "@holdpoint/server";
import express from "express";
import { outreach } from "./outreach.ts";

/** An Express app with Holdpoint in it, as the README shows it. */
export async function startHost(
  databaseUrl: string,
  secret: string,
): Promise<{ server: Server; holdpoint: Holdpoint }> {
  const app = express();
  const server = createServer(app);

  const holdpoint = createHoldpoint({
    database: databaseUrl,
    authenticate: sessionTokens({ secret }).authenticate,
    workflows: [outreach],
  });
  app.use("/api", holdpoint.router);
  holdpoint.attach(server);
  await holdpoint.start();

  return { server, holdpoint };
}
