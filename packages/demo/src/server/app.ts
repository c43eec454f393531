import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHoldpoint, sessionTokens } from "@holdpoint/server";
import express, { type Express, type Router } from "express";
import helmet from "helmet";
import { demoRoutes } from "./demo-routes.ts";
import type { Drafter } from "./drafts/draft.ts";
import type { ModelSettings } from "./drafts/model-drafter.ts";
import { modelAssistant } from "./model/assistant.ts";
import { officeScript } from "./model/office-script.ts";
import { startScriptedModel } from "./model/scripted-model.ts";
import { openOffice } from "./office.ts";
import { pages } from "./pages.ts";
import { workflows } from "./workflows/workflows.ts";

/** What {@link startAcmeOps} takes. */
export interface AcmeOpsOptions {
  /** 0 lets the system choose. */
  port: number;
  databaseUrl: string;
  /** Folder for sent mail, customers and tickets. */
  dataFolder: string;
  /** Signs session tokens; at least 32 bytes. */
  secret: string;
  drafter: Drafter;
  /** The model that the assistant asks; by default one that follows a script. */
  model?: ModelSettings;
  /** Folder of the built browser code. */
  clientFolder: string;
}

/** The running product. */
export interface AcmeOps {
  /** Where people open it. */
  url: string;
  /** Stops accepting, lets steps in flight finish or hands them back, closes everything. */
  stop(): Promise<void>;
}

/** Starts Acme Ops on 127.0.0.1: an Express app with Holdpoint mounted at `/api`. */
export async function startAcmeOps(options: AcmeOpsOptions): Promise<AcmeOps> {
  const client = pages(options.clientFolder);
  const office = await openOffice(options.dataFolder);
  const scripted = await startScriptedModel(officeScript);
  const sessions = sessionTokens({ secret: options.secret });
  const holdpoint = createHoldpoint({
    database: options.databaseUrl,
    authenticate: sessions.authenticate,
    workflows: workflows(office, {
      drafter: options.drafter,
      assistant: modelAssistant(options.model ?? scripted.settings),
    }),
  });
  const server = createServer(createApp(holdpoint.router, demoRoutes(sessions, office), client));
  holdpoint.attach(server);
  const stop = async () => {
    server.close();
    await holdpoint.stop();
    server.closeAllConnections();
    await office.close();
    await scripted.close();
  };
  try {
    await holdpoint.start();
    server.listen(options.port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

function createApp(api: Router, demo: Router, client: Router): Express {
  const app = express();
  app.use(helmet({ contentSecurityPolicy: strictPolicy, strictTransportSecurity: false }));
  app.use("/api", api);
  app.use("/demo", demo);
  app.use(client);
  return app;
}

/** Scripts, styles and connections from here only; nothing inline, nothing framed. */
const strictPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", "data:"],
    objectSrc: ["'none'"],
  },
};
