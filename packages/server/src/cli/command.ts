import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** A command's flags, by name. */
export type Flags = NonNullable<ParseArgsConfig["options"]>;

/** One of the things that `holdpoint` can do. */
export interface Command {
  name: string;
  /** What follows the name in the usage text. */
  usage: string;
  summary: string;
  /** Resolves when the command is done; what it throws ends the process with an exit code that is not 0. */
  run(args: string[], environment: NodeJS.ProcessEnv): Promise<void>;
}

/**
 * The flags given on the command line; there are no positional arguments.
 *
 * @throws {UsageError} for what isn't a flag of the command, naming it
 */
export function parseFlags<const F extends Flags>(args: string[], options: F) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
