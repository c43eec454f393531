import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startBenchServer } from "../bench-server.ts";
import type { Figure, Row } from "../figure.ts";
import { copyPausedRun } from "../paused-copies.ts";
import { makeWorkspace } from "../workspace.ts";

const count = 100_000;
const settleMs = 2_000;
const idleMs = 10_000;

/** What approvals with their paused runs cost while nobody decides: disk, memory, processor. */
export const atRest: Row = { name: "at-rest", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const file = workspace.path("holdpoint.db");
  const before = await idle(file, 0);
  await copyPausedRun(file, await pauseOne(file), count - 1);
  const bytes = (await stat(file)).size;
  const after = await idle(file, count);
  const many = count.toLocaleString("en");
  const grown = after.rss - before.rss;
  return [
    {
      what: "a paused run with its approval and its log, on disk",
      measured: `${(bytes / count / 1024).toFixed(2)} KB`,
      bar: "<= 4 KB",
      met: bytes / count <= 4_096,
      beside: `${many} runs`,
    },
    {
      what: `memory of ${many} paused runs`,
      measured: `${inMegabytes(grown)} MB`,
      bar: "<= 20 MB",
      met: grown <= 20 * 2 ** 20,
      beside: `RSS of an empty server: ${inMegabytes(before.rss)} MB`,
    },
    {
      what: `processor while ${many} paused runs wait`,
      measured: `${after.idlePercent.toFixed(2)} %`,
      bar: "< 2 %",
      met: after.idlePercent < 2,
      beside: `empty server: ${before.idlePercent.toFixed(2)} %`,
    },
  ];
}

/** Looks at a server on the file while it idles and `pending` approvals wait. */
async function idle(file: string, pending: number): Promise<{ rss: number; idlePercent: number }> {
  await using server = await startBenchServer(`sqlite:${file}`);
  await sleep(settleMs);
  const begin = await server.usage();
  await sleep(idleMs);
  const end = await server.usage();
  const found = (await (await server.client("jo")).counts()).pending;
  if (found !== pending) throw new Error(`There should be ${pending} pending approvals, and there are ${found}.`);
  return { rss: end.rss, idlePercent: ((end.cpuMs - begin.cpuMs) / idleMs) * 100 };
}

async function pauseOne(file: string): Promise<{ runId: string; approvalId: string }> {
  await using server = await startBenchServer(`sqlite:${file}`);
  const client = await server.client("jo");
  const { id: runId } = await client.runs.start({ workflow: "gate", input: { key: 0 } });
  while ((await client.counts()).pending === 0) await sleep(50);
  const { items } = await client.approvals.list({ status: ["pending"] });
  return { runId, approvalId: items[0]?.id ?? "" };
}

function inMegabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
