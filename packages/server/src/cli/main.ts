#!/usr/bin/env node
import { HoldpointError } from "@holdpoint/core";
import { packageVersion } from "../package-version.ts";
import type { Command } from "./command.ts";
import { migrateCommand } from "./migrate-command.ts";
import { serveCommand } from "./serve-command.ts";
import { tokenCommand } from "./token-command.ts";
import { UsageError } from "./usage-error.ts";

const commands: Command[] = [serveCommand, migrateCommand, tokenCommand];

process.exitCode = await main(process.argv.slice(2));

async function main([name = "", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "help") return print(usage());
  if (name === "--version") return print(`${packageVersion()}\n`);
  try {
    const command = commands.find((known) => known.name === name);
    if (!command) throw new UsageError(name ? `There is no command "${name}".` : "Say which command to run.");
    if (args.includes("--help")) return print(`holdpoint ${command.name} ${command.usage}\n`);
    await command.run(args, process.env);
    return 0;
  } catch (error) {
    return complain(error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** One line for what the user can mend, the stack for what they can't; returns the exit code. */
function complain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`holdpoint: ${error.message} See holdpoint --help.\n`);
    return 2;
  }
  const text = error instanceof HoldpointError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`holdpoint: ${text}\n`);
  return 1;
}

function usage(): string {
  const lines = commands.map(({ name, usage, summary }) => `  holdpoint ${name} ${usage}\n      ${summary}\n`);
  return `Holdpoint ${packageVersion()}: approvals by people, for workflows and agents.\n\n${lines.join("\n")}`;
}
