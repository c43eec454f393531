import type { ChildProcess } from "node:child_process";
import { type Client, createClient } from "@holdpoint/client";
import { sessionTokens } from "@holdpoint/server";
import { forkServing } from "./serving-process.ts";
import { type Usage, usageOf } from "./usage.ts";

const secret = "a secret for benchmarks, 32 bytes or more";

/** A Holdpoint server in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/api` */
  url: string;
  token(sub: string): Promise<string>;
  client(sub: string): Promise<Client>;
  readonly child: ChildProcess;
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
    child: serving.child,
    usage: () => usageOf(serving.child),
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}
