import type { ChildProcess } from "node:child_process";
import { type Client, createClient } from "@holdpoint/client";
import { sessionTokens } from "@holdpoint/server";
import { forkServing } from "./serving-process.ts";

const secret = "a secret for benchmarks, 32 bytes or more";

/** Bytes after a garbage collection, and the processor time used so far. */
export interface Usage {
  rss: number;
  heap: number;
  cpuMs: number;
}

/** A Holdpoint server in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/api` */
  url: string;
  token(sub: string): Promise<string>;
  client(sub: string): Promise<Client>;
  usage(): Promise<Usage>;
}

/** Starts a {@link BenchServer} on `database` (a URL). */
export async function startBenchServer(database: string): Promise<BenchServer> {
  const serving = await forkServing("server-process", [database, secret]);
  const url = `http://127.0.0.1:${serving.port}/api`;
  const token = (sub: string) => sessionTokens({ secret }).issue({ sub, tenant: "acme", role: "reviewer" });
  return {
    url,
    token,
    async client(sub) {
      const own = await token(sub);
      return createClient({ url, getToken: () => own });
    },
    usage: () => usageOf(serving.child),
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}

function usageOf(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve) => {
    child.once("message", ({ usage }: { usage: Usage }) => resolve(usage));
    child.send("usage");
  });
}
