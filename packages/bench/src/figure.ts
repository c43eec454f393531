import type { Percentiles } from "./percentiles.ts";

/** One line of the report: what was measured, the bar, and the raw limit of the machine in the same run. */
export interface Figure {
  what: string;
  measured: string;
  bar: string;
  /** Whether the bar is met; absent where there is none. */
  met?: boolean;
  beside: string;
}

/** A row of the table of figures: measures and reports, leaving nothing behind. */
export interface Row {
  /** For picking it on the command line. */
  name: string;
  measure(options: MeasureOptions): Promise<Figure[]>;
}

/** What can be set on the command line. */
export interface MeasureOptions {
  /** How long it is quiet before the first decision of runs that resume after a time of quiet, in seconds. */
  quietSeconds: number;
}

/** `p50 1.21 ms, p99 3.40 ms`. */
export function formatLatency({ p50, p99 }: Percentiles): string {
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
}

/** `1,234/s`. */
export function formatRate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString("en")}/s`;
}

/** The figures as an aligned table. */
export function formatTable(figures: readonly Figure[]): string {
  const heading = ["figure", "measured", "bar", "met", "beside"];
  const lines = [heading, ...figures.map((f) => [f.what, f.measured, f.bar, verdict(f), f.beside])];
  const widths = heading
    .map((_, column) => column)
    .map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function verdict({ met }: Figure): string {
  if (met === undefined) return "";
  return met ? "yes" : "NO";
}
