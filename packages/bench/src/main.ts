import { cpus } from "node:os";
import { type Figure, formatTable, type Row } from "./figure.ts";
import { atRest } from "./rows/at-rest.ts";
import { decisionLatency } from "./rows/decision-latency.ts";
import { fanOut } from "./rows/fan-out.ts";
import { resumeLatency } from "./rows/resume-latency.ts";
import { resumeRate } from "./rows/resume-rate.ts";
import { sustained } from "./rows/sustained.ts";

const rows: readonly Row[] = [decisionLatency, resumeLatency, resumeRate, fanOut, sustained, atRest];

/** Measures the rows named on the command line, or all of them. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(`No such row: ${unknown.join(", ")}. There are: ${rows.map((row) => row.name).join(", ")}.`);
    process.exitCode = 1;
    return;
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`);
  const figures: Figure[] = [];
  for (const row of rows) {
    if (names.length > 0 && !names.includes(row.name)) continue;
    console.log(`measuring ${row.name} ...`);
    figures.push(...(await row.measure()));
  }
  console.log(`\n${formatTable(figures)}`);
}

await main(process.argv.slice(2));
