import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startBenchServer } from "../bench-server.ts";
import type { Figure, Row } from "../figure.ts";
import { closedLoop } from "../pace.ts";
import { makeWorkspace } from "../workspace.ts";

const count = 20_000;
const idleMs = 10_000;
const width = 64;

/** What approvals with their paused runs cost while nobody decides: disk, memory, processor. */
export const atRest: Row = { name: "at-rest", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const file = workspace.path("holdpoint.db");
  const before = await start(file, 0);
  const after = await start(file, count);
  const bytes = (await stat(file)).size;
  return [
    {
      what: "a paused run with its approval, on disk",
      measured: `${(bytes / count / 1024).toFixed(2)} KB`,
      bar: "<= 4 KB",
      beside: `${count.toLocaleString("en")} runs`,
    },
    {
      what: `memory of ${count.toLocaleString("en")} paused runs, after a restart`,
      measured: `${((after.rss - before.rss) / 2 ** 20).toFixed(1)} MB`,
      bar: "0",
      beside: `RSS of an empty server: ${(before.rss / 2 ** 20).toFixed(0)} MB`,
    },
    {
      what: "processor while idle",
      measured: `${after.idlePercent.toFixed(2)} %`,
      bar: "0 %",
      beside: `empty server: ${before.idlePercent.toFixed(2)} %`,
    },
  ];
}

/** Starts `runs` runs on a server, restarts it, and looks at the new process while it idles. */
async function start(file: string, runs: number): Promise<{ rss: number; idlePercent: number }> {
  if (runs > 0) await pause(file, runs);
  await using server = await startBenchServer(`sqlite:${file}`);
  await sleep(1_000);
  const begin = await server.usage();
  await sleep(idleMs);
  const end = await server.usage();
  return { rss: end.rss, idlePercent: ((end.cpuMs - begin.cpuMs) / idleMs) * 100 };
}

async function pause(file: string, runs: number): Promise<void> {
  await using server = await startBenchServer(`sqlite:${file}`);
  const client = await server.client("jo");
  await closedLoop(width, runs, (key) => client.runs.start({ workflow: "gate", input: { key } }));
  while ((await client.counts()).pending < runs) await sleep(200);
}
