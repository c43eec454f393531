import { setTimeout as sleep } from "node:timers/promises";
import { type Figure, formatRate, type Row } from "../figure.ts";
import { pauseRuns } from "../paused-runs.ts";
import { openRawSqlite } from "../raw-sqlite.ts";
import { makeWorkspace } from "../workspace.ts";

const count = 1_000;
/** After which those that are still waiting count as lost. */
const longestMs = 60_000;

/** A thousand paused runs decided at once, until the last one's next line has executed. */
export const resumeRate: Row = { name: "resume-rate", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const { perSecond, resumed } = await resumeAll(`sqlite:${workspace.path("holdpoint.db")}`);
  await using raw = await openRawSqlite(workspace.path("raw.db"), count);
  const start = performance.now();
  for (let i = 0; i < count; i++) await raw.decide(i);
  const bare = (count * 1000) / (performance.now() - start);
  return [
    {
      what: "1,000 paused runs decided at once, durable",
      measured: `${formatRate(perSecond)}, ${resumed.toLocaleString("en")} resumed`,
      bar: ">= 800/s, all",
      met: perSecond >= 800 && resumed === count,
      beside: `raw SQLite transactions, one by one: ${formatRate(bare)}`,
    },
  ];
}

async function resumeAll(database: string): Promise<{ perSecond: number; resumed: number }> {
  await using runs = await pauseRuns(database, count);
  const start = performance.now();
  const ends: number[] = [];
  const lines = runs.approvals.map((_, i) =>
    Promise.all([runs.resumed(i).then((at) => ends.push(at)), runs.approve(i)]),
  );
  await Promise.race([Promise.all(lines), sleep(longestMs, undefined, { ref: false })]);
  return { perSecond: (ends.length * 1000) / (Math.max(...ends) - start), resumed: ends.length };
}
