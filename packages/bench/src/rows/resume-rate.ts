import { type Figure, formatRate, type Row } from "../figure.ts";
import { pauseRuns } from "../paused-runs.ts";
import { openRawSqlite } from "../raw-sqlite.ts";
import { makeWorkspace } from "../workspace.ts";

const count = 1_000;

/** A thousand paused runs decided at once, until the last one's next line has executed. */
export const resumeRate: Row = { name: "resume-rate", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const ours = await resumeAll(`sqlite:${workspace.path("holdpoint.db")}`);
  await using raw = await openRawSqlite(workspace.path("raw.db"), count);
  const start = performance.now();
  for (let i = 0; i < count; i++) await raw.decide(i);
  const bare = (count * 1000) / (performance.now() - start);
  return [
    {
      what: "1,000 paused runs decided at once, durable",
      measured: formatRate(ours),
      bar: ">= 800/s",
      beside: `raw SQLite transactions, one by one: ${formatRate(bare)}`,
    },
  ];
}

async function resumeAll(database: string): Promise<number> {
  await using runs = await pauseRuns(database, count);
  const start = performance.now();
  const lines = runs.approvals.map((_, i) => Promise.all([runs.resumed(i), runs.approve(i)]));
  const ends = (await Promise.all(lines)).map(([at]) => at);
  return (count * 1000) / (Math.max(...ends) - start);
}
