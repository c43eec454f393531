import { startBenchServer } from "../bench-server.ts";
import { type Figure, formatRate, type Row } from "../figure.ts";
import { emailRequest } from "../gate-workflow.ts";
import { connectViewers } from "../live-viewers.ts";
import { closedLoop } from "../pace.ts";
import { openRawSqlite } from "../raw-sqlite.ts";
import { makeWorkspace } from "../workspace.ts";

const width = 32;
const count = 5_000;
const viewers = 5;

/** Decisions one after another over HTTP, as fast as they go: alone, and with live viewers. */
export const sustained: Row = { name: "sustained", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const alone = await decideAll(`sqlite:${workspace.path("alone.db")}`, 0);
  const watched = await decideAll(`sqlite:${workspace.path("watched.db")}`, viewers);
  await using raw = await openRawSqlite(workspace.path("raw.db"), count);
  const bare = await closedLoop(width, count, (i) => raw.decide(i));
  const beside = `raw SQLite transactions: ${formatRate(bare)}`;
  return [
    { what: "sustained decisions (HTTP)", measured: formatRate(alone), bar: ">= 1,000/s", met: alone >= 1_000, beside },
    {
      what: `sustained decisions, ${viewers} live viewers`,
      measured: formatRate(watched),
      bar: ">= 300/s",
      met: watched >= 300,
      beside,
    },
  ];
}

async function decideAll(database: string, sockets: number): Promise<number> {
  await using server = await startBenchServer(database);
  const client = await server.client("mia");
  const requester = await server.client("jo");
  const ids: { id: string; digest: string }[] = [];
  await closedLoop(width, count, async () => ids.push(await requester.approvals.request(emailRequest)));
  const { origin, pathname } = new URL(server.url);
  const address = { origin, path: `${pathname}/live`, token: await server.token("mia") };
  await using _viewers = await connectViewers(address, sockets);
  return await closedLoop(width, count, (i) => {
    const { id = "", digest = "" } = ids[i] ?? {};
    return client.approvals.respond(id, { type: "approve", digest });
  });
}
