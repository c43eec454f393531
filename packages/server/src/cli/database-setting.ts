import type { HoldpointOptions } from "../options.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Environment } from "./environment.ts";

/** Which database to use: the flag, else the environment, else the config file, else a file in the current directory. */
export function databaseOf(
  flag: string | undefined,
  { HOLDPOINT_DATABASE_URL }: Environment,
  file: ConfigFile,
): HoldpointOptions["database"] {
  return flag ?? (HOLDPOINT_DATABASE_URL || undefined) ?? file.database ?? "sqlite:./holdpoint.db";
}
