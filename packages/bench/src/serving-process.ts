import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of the benchmark's own that serves on a port. */
export interface ServingProcess extends AsyncDisposable {
  child: ChildProcess;
  port: number;
}

/** Forks `name` (a module beside this one, without extension); resolves once it said on which port it listens. */
export async function forkServing(name: string, args: readonly string[] = []): Promise<ServingProcess> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const child = fork(new URL(`${name}.${extension}`, import.meta.url), args, {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { port: number }) => resolve(message.port));
    child.once("exit", (code) => reject(new Error(`${name} ended with code ${code} before it listened.`)));
  });
  return {
    child,
    port,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.send("stop");
      await ended;
    },
  };
}
