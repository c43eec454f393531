import { setTimeout as sleep } from "node:timers/promises";
import type { ChangesFrame } from "@holdpoint/core";
import { startBenchServer } from "../bench-server.ts";
import { type Figure, formatLatency, type Row } from "../figure.ts";
import { emailRequest } from "../gate-workflow.ts";
import { connectViewers } from "../live-viewers.ts";
import { type Percentiles, percentiles } from "../percentiles.ts";
import { forkServing } from "../serving-process.ts";
import { makeWorkspace } from "../workspace.ts";

const rounds = 30;
/** Between rounds, so that each starts on a quiet machine. */
const pauseMs = 50;

/** From the call that decides until every socket holds the changed approval, beside a bare broadcast of the same frame. */
export const fanOut: Row = {
  name: "fan-out",
  async measure() {
    return [await measure(10, 50), await measure(1_000, 150)];
  },
};

async function measure(sockets: number, barMs: number): Promise<Figure> {
  const { latency, frame } = await ours(sockets);
  const raw = await bare(sockets, frame);
  return {
    what: `decision -> ${sockets.toLocaleString("en")} inboxes have the data`,
    measured: formatLatency(latency),
    bar: `p99 <= ${barMs} ms, <= 2x raw`,
    met: latency.p99 <= barMs && latency.p99 <= 2 * raw.p99,
    beside: `raw Socket.IO broadcast of the same ${JSON.stringify(frame).length} bytes: ${formatLatency(raw)} (${(latency.p99 / raw.p99).toFixed(1)}x)`,
  };
}

async function ours(sockets: number): Promise<{ latency: Percentiles; frame: ChangesFrame }> {
  await using workspace = await makeWorkspace();
  await using server = await startBenchServer(`sqlite:${workspace.path("holdpoint.db")}`);
  const client = await server.client("mia");
  const requester = await server.client("jo");
  const { origin, pathname } = new URL(server.url);
  await using viewers = await connectViewers(
    { origin, path: `${pathname}/live`, token: await server.token("mia") },
    sockets,
  );
  const samples: number[] = [];
  let frame: ChangesFrame | undefined;
  for (let i = 0; i < rounds; i++) {
    const arrived = viewers.received(({ changes }) => changes.some(({ approval }) => approval.status === "pending"));
    const { id, digest } = await requester.approvals.request(emailRequest);
    await arrived;
    await sleep(pauseMs);
    const decided = viewers.received(({ changes }) => changes.some(({ approval }) => approval.id === id));
    const next = viewers.nextFrame();
    const start = performance.now();
    await client.approvals.respond(id, { type: "approve", digest });
    samples.push(...(await decided).map((at) => at - start));
    frame = await next;
  }
  if (!frame) throw new Error("No frame arrived.");
  return { latency: percentiles(samples), frame };
}

async function bare(sockets: number, frame: ChangesFrame): Promise<Percentiles> {
  await using serving = await forkServing("raw-broadcast-process");
  await using viewers = await connectViewers({ origin: `http://127.0.0.1:${serving.port}` }, sockets);
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await sleep(pauseMs);
    const received = viewers.received(() => true);
    const start = performance.now();
    serving.child.send({ broadcast: frame });
    samples.push(...(await received).map((at) => at - start));
  }
  return percentiles(samples);
}
