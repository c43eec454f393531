import { bareClient } from "../bare-client.ts";
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
  const { decisions, byClient, empty } = await overHttp(`sqlite:${workspace.path("holdpoint.db")}`);
  const raw = percentiles((await bare(workspace.path("raw.db"))).slice(warmUp));
  return [
    {
      what: "decision acknowledged, durable (HTTP, 50/s)",
      measured: formatLatency(decisions),
      bar: "p50 <= 2 ms, p99 <= 8 ms, <= 3x raw",
      met: decisions.p50 <= 2 && decisions.p99 <= 8 && decisions.p50 <= 3 * raw.p50,
      beside: `raw SQLite transaction of such rows: ${formatLatency(raw)} (${(decisions.p50 / raw.p50).toFixed(1)}x)`,
    },
    {
      what: "the same through @holdpoint/client (fetch)",
      measured: formatLatency(byClient),
      bar: "",
      beside: "",
    },
    {
      what: "an empty HTTP answer from the same server (50/s)",
      measured: formatLatency(empty),
      bar: "",
      beside: "what every request costs here before anything is decided",
    },
  ];
}

/** Decides in turn over a bare connection and through our client, so that both meet the same moments of the machine. */
async function overHttp(database: string) {
  await using server = await startBenchServer(database);
  const requester = await server.client("jo");
  const reviewer = await server.client("mia");
  const connection = bareClient(server.url, await server.token("mia"));
  const ids: { id: string; digest: string }[] = [];
  for (let i = 0; i < warmUp + count; i++) ids.push(await requester.approvals.request(emailRequest));
  const decisions = await atRate(perSecond, ids.length, (i) => {
    const { id = "", digest = "" } = ids[i] ?? {};
    const decision = { type: "approve", digest } as const;
    if (i % 2 === 1) return reviewer.approvals.respond(id, decision);
    return connection.post(`/approvals/${id}/respond`, decision, { "idempotency-key": `decision-${i}` });
  });
  const empty = await atRate(perSecond, warmUp + count / 2, () => connection.get("/healthz"));
  const warm = decisions.slice(warmUp);
  return {
    decisions: percentiles(warm.filter((_, i) => i % 2 === 0)),
    byClient: percentiles(warm.filter((_, i) => i % 2 === 1)),
    empty: percentiles(empty.slice(warmUp)),
  };
}

async function bare(file: string): Promise<number[]> {
  await using raw = await openRawSqlite(file, warmUp + count);
  return await atRate(perSecond, warmUp + count, (i) => raw.decide(i));
}
