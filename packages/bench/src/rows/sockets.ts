import { setTimeout as sleep } from "node:timers/promises";
import type { ClientToServer, ServerToClient } from "@holdpoint/core";
import { io, type Socket } from "socket.io-client";
import { type BenchServer, startBenchServer } from "../bench-server.ts";
import type { Figure, Row } from "../figure.ts";
import { emailRequest } from "../gate-workflow.ts";
import { connectViewers, type LiveAddress } from "../live-viewers.ts";
import { forkServing, type ServingProcess } from "../serving-process.ts";
import { usageOf } from "../usage.ts";
import { makeWorkspace } from "../workspace.ts";

const idleSockets = 1_000;
const settleMs = 2_000;
const stormClients = 2_000;

/** What a live connection costs while nothing happens, and what it takes when all clients come back at once. */
export const sockets: Row = {
  name: "sockets",
  async measure() {
    return [await idle(), await storm()];
  },
};

async function idle(): Promise<Figure> {
  await using workspace = await makeWorkspace();
  await using server = await startBenchServer(`sqlite:${workspace.path("holdpoint.db")}`);
  const ours = await perSocket(server, await addressOf(server));
  await using bare = await forkServing("raw-broadcast-process");
  const raw = await perSocket(bare, { origin: `http://127.0.0.1:${bare.port}` });
  return {
    what: `memory of an idle socket (of ${idleSockets.toLocaleString("en")})`,
    measured: `${ours.toFixed(1)} KB`,
    bar: "<= 30 KB",
    met: ours <= 30,
    beside: `raw Socket.IO: ${raw.toFixed(1)} KB`,
  };
}

/** KB of the serving process's memory for each of many sockets. */
async function perSocket({ child }: Pick<ServingProcess, "child">, address: LiveAddress): Promise<number> {
  {
    // What the first connections need once isn't any socket's own.
    await using _first = await connectViewers(address, 10);
    await sleep(settleMs);
  }
  const before = await usageOf(child);
  await using _viewers = await connectViewers(address, idleSockets);
  await sleep(settleMs);
  const after = await usageOf(child);
  return (after.rss - before.rss) / 1_024 / idleSockets;
}

/** All clients knew the state, one decision later all come at once: until each of them knows of that decision. */
async function storm(): Promise<Figure> {
  await using workspace = await makeWorkspace();
  await using server = await startBenchServer(`sqlite:${workspace.path("holdpoint.db")}`);
  const client = await server.client("mia");
  const { id, digest } = await (await server.client("jo")).approvals.request(emailRequest);
  const { cursor } = await client.changes();
  await client.approvals.respond(id, { type: "approve", digest });
  const address = await addressOf(server);
  const before = await usageOf(server.child);
  const start = performance.now();
  const caughtUp = await Promise.all(Array.from({ length: stormClients }, () => comeBack(address, cursor, id)));
  const ms = performance.now() - start;
  const reads = (await usageOf(server.child)).reads - before.reads;
  const converged = caughtUp.filter(Boolean).length;
  return {
    what: `${stormClients.toLocaleString("en")} clients come back at once`,
    measured: `${(ms / 1_000).toFixed(1)} s, ${converged.toLocaleString("en")} converged, ${reads} database reads`,
    bar: "all in 10 s, <= 50 reads",
    met: ms <= 10_000 && converged === stormClients && reads <= 50,
    beside: "",
  };
}

/** Connects and subscribes from `cursor`; whether the answer told that the approval was approved. */
async function comeBack({ origin, path, token }: LiveAddress, cursor: string, id: string): Promise<boolean> {
  const socket: Socket<ServerToClient, ClientToServer> = io(origin, {
    path,
    auth: { token },
    transports: ["websocket"],
    forceNew: true,
    timeout: 60_000,
  });
  try {
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    const answer = await socket.emitWithAck("subscribe", { cursor });
    if (!("changes" in answer)) return false;
    return answer.changes.some(({ approval }) => approval.id === id && approval.status === "approved");
  } finally {
    socket.disconnect();
  }
}

async function addressOf(server: BenchServer): Promise<LiveAddress> {
  const { origin, pathname } = new URL(server.url);
  return { origin, path: `${pathname}/live`, token: await server.token("mia") };
}
