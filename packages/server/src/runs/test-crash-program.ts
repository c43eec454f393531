import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The process that crash tests kill, made ready to be started many times. */
export interface CrashProgram extends AsyncDisposable {
  /** Starts it; it says `ready` on stdout and then reads its task from stdin. */
  start(): ReturnType<typeof spawnIn>;
}

/** What isn't bundled: it has native parts, or is CommonJS through and through. */
const external = ["sqlite3", "pg", "pino"];

/**
 * Bundles the process into one file and compiles that once. Finding, stripping and compiling 650 modules costs six times as
 * much, and a process that is killed leaves nothing of it to the next one.
 */
export async function createCrashProgram(): Promise<CrashProgram> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-crash-"));
  const script = join(directory, "process.mjs");
  await bundle(fileURLToPath(new URL("test-crash-process.ts", import.meta.url)), script);
  const start = () => spawnIn(directory, script);
  // Only a process that ends by itself writes down what it compiled.
  const first = start();
  first.stdin.end();
  await once(first, "close");
  return { start, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

function spawnIn(directory: string, script: string) {
  return spawn(process.execPath, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "compiled") },
  });
}

async function bundle(entry: string, file: string): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const resolveId = (id: string) => (external.includes(id) ? { id: resolve(id), external: "absolute" as const } : null);
  await build({
    configFile: false,
    logLevel: "error",
    plugins: [{ name: "external", enforce: "pre", resolveId }],
    ssr: { noExternal: true, resolve: { conditions: ["@holdpoint/source", "node", "import"] } },
    build: {
      ssr: entry,
      outDir: join(file, ".."),
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: "process.mjs", codeSplitting: false } },
    },
  });
}
