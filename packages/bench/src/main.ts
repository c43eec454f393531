import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Figure, formatTable, type MeasureOptions, type Row } from "./figure.ts";
import { atRest } from "./rows/at-rest.ts";
import { decisionLatency } from "./rows/decision-latency.ts";
import { fanOut } from "./rows/fan-out.ts";
import { replay } from "./rows/replay.ts";
import { resumeLatency } from "./rows/resume-latency.ts";
import { resumeRate } from "./rows/resume-rate.ts";
import { sockets } from "./rows/sockets.ts";
import { sustained } from "./rows/sustained.ts";
import { timers } from "./rows/timers.ts";

const rows: readonly Row[] = [
  decisionLatency,
  resumeLatency,
  resumeRate,
  replay,
  fanOut,
  timers,
  sustained,
  sockets,
  atRest,
];

/** Measures the rows named, or all of them. */
async function main(names: readonly string[], options: MeasureOptions): Promise<void> {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(`No such row: ${unknown.join(", ")}. There are: ${rows.map((row) => row.name).join(", ")}.`);
    process.exitCode = 1;
    return;
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, load ${load()}`);
  const figures: Figure[] = [];
  for (const row of rows) {
    if (names.length > 0 && !names.includes(row.name)) continue;
    console.log(`measuring ${row.name} ...`);
    figures.push(...(await row.measure(options)));
  }
  console.log(`\n${formatTable(figures)}\n\nload at the end: ${load()}`);
}

/** What else the machine does: over one, five and fifteen minutes. */
function load(): string {
  return loadavg()
    .map((average) => average.toFixed(1))
    .join(" ");
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quiet: { type: "string", default: "120" } },
});
await main(positionals, { quietSeconds: Number(values.quiet) });
