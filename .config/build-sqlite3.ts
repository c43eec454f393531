import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Gives the sqlite3 package its binary, where it has none yet: the published one, or one compiled here. For compiling,
 * its own install script fetches Node's headers; this takes those that came with the installed Node, where there are any.
 */
function buildSqlite3(): void {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("sqlite3/package.json"));
  const binary = join(folder, "build", "Release", "node_sqlite3.node");
  if (existsSync(binary)) return;
  run(folder, "prebuild-install", ["-r", "napi"]);
  if (!existsSync(binary)) run(folder, "node-gyp", ["rebuild"]);
  if (existsSync(binary)) return;
  console.error(
    "sqlite3 could not be installed: its published binary can't be downloaded, and compiling it failed (see above). " +
      "Compiling needs Python 3, make and a C++ compiler; on Debian and Ubuntu: sudo apt-get install python3 make g++.",
  );
  process.exitCode = 1;
}

/** A way that may fail: what counts is whether the binary is there afterwards. */
function run(cwd: string, command: string, args: string[]): void {
  try {
    execFileSync(command, args, {
      cwd,
      stdio: "inherit",
      env: buildEnvironment(),
      shell: process.platform === "win32",
    });
  } catch {
    console.log(`${command} did not succeed.`);
  }
}

function buildEnvironment(): NodeJS.ProcessEnv {
  // npm itself runs on the installed Node, not on the one that this project pins.
  const prefix = dirname(dirname(process.env.npm_node_execpath ?? process.execPath));
  const hasHeaders = existsSync(join(prefix, "include", "node", "common.gypi"));
  return hasHeaders ? { npm_config_nodedir: prefix, ...process.env } : process.env;
}

buildSqlite3();
