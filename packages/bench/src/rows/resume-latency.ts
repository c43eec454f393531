import { setTimeout as sleep } from "node:timers/promises";
import { type Figure, formatLatency, type MeasureOptions, type Row } from "../figure.ts";
import { atRate } from "../pace.ts";
import { pauseRuns } from "../paused-runs.ts";
import { type Percentiles, percentiles } from "../percentiles.ts";
import { openRawSqlite } from "../raw-sqlite.ts";
import { makeWorkspace } from "../workspace.ts";

const perSecond = 50;
/** Ten seconds: Node compiles what it has executed often. */
const warmUp = 500;
/** Two seconds: how long it takes before that. */
const fresh = 100;
const count = 500;
const quietRuns = 10;
/** Between the decisions after the time of quiet, so that each finds it quiet again. */
const quietPauseMs = 5_000;

/** From the call that decides to the workflow's next line, in one process on SQLite with full syncs. */
export const resumeLatency: Row = { name: "resume", measure };

async function measure({ quietSeconds }: MeasureOptions): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const { atFirst, busy, first, quiet } = await ours(`sqlite:${workspace.path("holdpoint.db")}`, quietSeconds * 1_000);
  const raw = await bare(workspace.path("raw.db"));
  const bar = "p50 <= 2.5 ms, p99 <= 6 ms";
  return [
    {
      what: `decision -> next line (${perSecond}/s)`,
      measured: formatLatency(busy),
      bar,
      met: busy.p50 <= 2.5 && busy.p99 <= 6,
      beside: `raw SQLite transaction: ${formatLatency(raw.busy)}; ours in the first ${fresh / perSecond} s: ${formatLatency(atFirst)}`,
    },
    {
      what: `decision -> next line, after ${quietSeconds} s of quiet`,
      measured: `first ${first.toFixed(2)} ms, p50 ${quiet.p50.toFixed(2)} ms, max ${quiet.max.toFixed(2)} ms`,
      bar,
      met: quiet.p50 <= 2.5 && quiet.max <= 6,
      beside: `${quiet.count} samples, ${quietPauseMs / 1_000} s apart; raw SQLite transactions so: p50 ${raw.quiet.p50.toFixed(2)} ms, max ${raw.quiet.max.toFixed(2)} ms`,
    },
  ];
}

async function ours(
  database: string,
  quietMs: number,
): Promise<{ atFirst: Percentiles; busy: Percentiles; first: number; quiet: Percentiles }> {
  const paced = warmUp + count;
  await using runs = await pauseRuns(database, paced + quietRuns);
  const decide = async (i: number) => {
    const start = performance.now();
    const [at] = await Promise.all([runs.resumed(i), runs.approve(i)]);
    return at - start;
  };
  const busy: number[] = [];
  await atRate(perSecond, paced, async (i) => busy.push(await decide(i)));
  await sleep(Math.max(quietMs - quietPauseMs, 0));
  const quiet = await quietly((i) => decide(paced + i));
  const [first = Number.NaN] = quiet;
  return {
    atFirst: percentiles(busy.slice(0, fresh)),
    busy: percentiles(busy.slice(warmUp)),
    first,
    quiet: percentiles(quiet),
  };
}

async function bare(file: string): Promise<{ busy: Percentiles; quiet: Percentiles }> {
  const paced = warmUp + count;
  await using raw = await openRawSqlite(file, paced + quietRuns);
  const busy = await atRate(perSecond, paced, (i) => raw.decide(i));
  const quiet = await quietly(async (i) => {
    const start = performance.now();
    await raw.decide(paced + i);
    return performance.now() - start;
  });
  return { busy: percentiles(busy.slice(warmUp)), quiet: percentiles(quiet) };
}

/** Measures now and then, so that each time finds the process quiet. */
async function quietly(measureOnce: (i: number) => Promise<number>): Promise<number[]> {
  const measured: number[] = [];
  for (let i = 0; i < quietRuns; i++) {
    await sleep(quietPauseMs);
    measured.push(await measureOnce(i));
  }
  return measured;
}
