import { sessionTokens } from "../identity/session-tokens.ts";
import type { HoldpointOptions } from "../options.ts";
import { type Command, parseFlags } from "./command.ts";
import { loadConfigFile } from "./config-file.ts";
import { databaseOf } from "./database-setting.ts";
import { type Environment, parsePort, publicOrigin, requireSecret } from "./environment.ts";
import type { StandaloneServer } from "./standalone-server.ts";

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  database: { type: "string" },
  config: { type: "string" },
} as const;

/** Runs the standalone server until it is told to stop. */
export const serveCommand: Command = {
  name: "serve",
  usage: "[--port 4000] [--host 127.0.0.1] [--database sqlite:./holdpoint.db] [--config holdpoint.config.ts]",
  summary: "migrate the database and serve the API at /api, the live feed at /api/live",
  async run(args, environment) {
    const { port, host = "127.0.0.1", database, config } = parseFlags(args, flags);
    const options = await serveOptions({ database, config }, environment);
    const listenOn = { host, port: parsePort(port ?? environment.HOLDPOINT_PORT ?? "4000") };
    // Loaded once it is needed: the other commands, and refusals, don't wait for a whole server to load.
    const { startStandaloneServer } = await import("./standalone-server.ts");
    const server = await startStandaloneServer(options, listenOn);
    process.stdout.write(`Holdpoint listening on ${server.url}\n`);
    await untilTold(server);
    // What a config file has left open must not keep a stopped server alive.
    setTimeout(() => process.exit(), 500).unref();
  },
};

/** The config file's options, where flags and the environment say more. */
async function serveOptions(
  given: { database?: string; config?: string },
  environment: Environment,
): Promise<HoldpointOptions> {
  const file = await loadConfigFile(given.config);
  const origin = publicOrigin(environment);
  return {
    ...file,
    mountPath: "/api",
    database: databaseOf(given.database, environment, file),
    authenticate: file.authenticate ?? sessionTokens({ secret: requireSecret(environment) }).authenticate,
    publicUrl: environment.HOLDPOINT_PUBLIC_URL || file.publicUrl,
    allowedOrigins: [...(file.allowedOrigins ?? []), ...(origin ? [origin] : [])],
  };
}

/** Resolves once a signal has stopped the server. A second signal ends the process at once. */
function untilTold(server: StandaloneServer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      process.off("SIGTERM", stop).off("SIGINT", stop);
      server.stop().then(resolve, reject);
    };
    process.on("SIGTERM", stop).on("SIGINT", stop);
  });
}
