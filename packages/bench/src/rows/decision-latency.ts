import { startBenchServer } from "../bench-server.ts";
import { type Figure, formatLatency, type Row } from "../figure.ts";
import { emailRequest } from "../gate-workflow.ts";
import { atRate } from "../pace.ts";
import { percentiles } from "../percentiles.ts";
import { openRawSqlite } from "../raw-sqlite.ts";
import { makeWorkspace } from "../workspace.ts";

const perSecond = 50;
const warmUp = 100;
const count = 1_000;

/** Decision acknowledged, durable: `POST /respond` over HTTP at 50 a second, beside the bare transaction. */
export const decisionLatency: Row = { name: "decision", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const { decisions, empty } = await overHttp(`sqlite:${workspace.path("holdpoint.db")}`);
  const ours = percentiles(decisions.slice(warmUp));
  const raw = percentiles((await bare(workspace.path("raw.db"))).slice(warmUp));
  return [
    {
      what: "decision acknowledged, durable (HTTP, 50/s)",
      measured: formatLatency(ours),
      bar: "p50 <= 2 ms, p99 <= 8 ms, <= 3x raw",
      met: ours.p50 <= 2 && ours.p99 <= 8 && ours.p50 <= 3 * raw.p50,
      beside: `raw SQLite transaction of such rows: ${formatLatency(raw)} (${(ours.p50 / raw.p50).toFixed(1)}x)`,
    },
    {
      what: "an empty HTTP answer from the same server (50/s)",
      measured: formatLatency(percentiles(empty.slice(warmUp))),
      bar: "",
      beside: "what every request costs here before anything is decided",
    },
  ];
}

async function overHttp(database: string): Promise<{ decisions: number[]; empty: number[] }> {
  await using server = await startBenchServer(database);
  const requester = await server.client("jo");
  const reviewer = await server.client("mia");
  const ids: { id: string; digest: string }[] = [];
  for (let i = 0; i < warmUp + count; i++) ids.push(await requester.approvals.request(emailRequest));
  const decisions = await atRate(perSecond, ids.length, (i) => {
    const { id = "", digest = "" } = ids[i] ?? {};
    return reviewer.approvals.respond(id, { type: "approve", digest });
  });
  const healthz = async () => (await fetch(`${server.url}/healthz`)).text();
  return { decisions, empty: await atRate(perSecond, warmUp + count / 2, healthz) };
}

async function bare(file: string): Promise<number[]> {
  await using raw = await openRawSqlite(file, warmUp + count);
  return await atRate(perSecond, warmUp + count, (i) => raw.decide(i));
}
