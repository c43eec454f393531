import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(import.meta.resolve("@holdpoint/demo/server"));

/** Acme Ops as people run it: a process of its own, in an empty folder of its own. */
export class AcmeServer {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #url = "";

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a server with a new database on a port that the system chooses. */
  static async start(): Promise<AcmeServer> {
    const server = new AcmeServer(await mkdtemp(join(tmpdir(), "acme-ops-")));
    await server.#launch("0");
    return server;
  }

  get url(): string {
    return this.#url;
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts again after {@link kill}: same database, same port. */
  async restart(): Promise<void> {
    await this.#launch(new URL(this.#url).port);
  }

  /** Stops the server and removes what it stored; returns its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.#end("SIGTERM");
    await rm(this.#folder, { recursive: true, force: true });
    return code;
  }

  async #launch(port: string): Promise<void> {
    const child = spawn(process.execPath, [main], {
      cwd: this.#folder,
      env: { PATH: process.env.PATH, PORT: port },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    this.#url = await addressOf(child.stdout);
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}

/** The address that the server prints once it is running. */
function addressOf(stdout: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface(stdout);
    lines.on("line", (line) => {
      const address = /running at (http:\S+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
    lines.on("close", () => reject(new Error("Acme Ops ended before it was running.")));
  });
}
