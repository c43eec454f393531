import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HoldpointError } from "@holdpoint/core";
import type { HoldpointOptions } from "../options.ts";

/** The options in a config file's default export; what is missing comes from flags and the environment. */
export type ConfigFile = Partial<HoldpointOptions>;

const defaultPath = "holdpoint.config.ts";

/**
 * Loads the config file; without a path, `holdpoint.config.ts` of the current directory if there is one.
 *
 * @throws {HoldpointError} `invalid_request` when it can't be loaded or exports no options
 */
export async function loadConfigFile(path: string | undefined): Promise<ConfigFile> {
  if (path === undefined && !(await exists(defaultPath))) return {};
  const file = resolve(path ?? defaultPath);
  const loaded = await load(file);
  if (typeof loaded.default === "object" && loaded.default !== null) return loaded.default;
  throw new HoldpointError("invalid_request", `${file} has no default export with the options of createHoldpoint.`);
}

async function load(file: string): Promise<{ default?: ConfigFile }> {
  if (!(await exists(file))) throw new HoldpointError("invalid_request", `There is no config file ${file}.`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new HoldpointError("invalid_request", `${file} can't be loaded: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "this Node does not load TypeScript; use Node 22.18 or later, or write the config in JavaScript.";
  }
  return error.message;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
