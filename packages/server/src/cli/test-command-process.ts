import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** How a command ended. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The `holdpoint` command in a process of its own, in an empty directory. */
export class CommandProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<CommandResult>;
  #stdout = "";
  #stderr = "";
  #onOutput = () => {};

  constructor(args: string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
    this.#child = spawn(process.execPath, ["--conditions=@holdpoint/source", main, ...args], {
      cwd,
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#ended = once(this.#child, "close").then(([code]) => {
      this.#onOutput();
      return { code, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** How it ended; waits until it has. */
  get ended(): Promise<CommandResult> {
    return this.#ended;
  }

  /** The first match in what it prints; rejects when it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#onOutput = () => {
        const match = pattern.exec(this.#stdout);
        if (match) resolve(match);
        else if (this.#child.exitCode !== null) reject(new Error(`It ended without ${pattern}: ${this.#stderr}`));
      };
      this.#onOutput();
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** An empty directory that goes with the test. */
export async function emptyDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "holdpoint-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
