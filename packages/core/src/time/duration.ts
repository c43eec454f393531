import { HoldpointError } from "../error.ts";
import { invalidRequest } from "../json/field-error.ts";

/** A length of time: whole numbers with `d`, `h`, `m`, `s` or `ms`, largest unit first: `"30s" "4h" "7d" "1h30m"`. */
export type Duration = string;

const pattern = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;
const units = ["d", "h", "m", "s", "ms"] as const;
const unitMs = [86_400_000, 3_600_000, 60_000, 1_000, 1] as const;

/** A hundred years: the longest duration taken, so that every deadline is a valid date. */
const longestMs = 36_525 * unitMs[0];

/** The message for a field that is not a duration. */
export function durationProblem(value: unknown): string {
  const isOne = typeof value === "string" && toMs(value) !== undefined;
  return isOne ? mustBeWithin : 'must be a duration such as "30s", "4h" or "1h30m"';
}

const mustBeWithin = 'must be longer than "0ms" and at most "36525d", a hundred years';

/** Whether `text` is a duration of more than zero and at most 100 years. */
export function isDuration(text: string): boolean {
  const ms = toMs(text);
  return ms !== undefined && ms > 0 && ms <= longestMs;
}

/**
 * The duration in milliseconds.
 *
 * @param field where it was given, named in the error
 * @throws {HoldpointError} `invalid_request` when it is not a {@link Duration}
 */
export function durationMs(duration: Duration, field?: string): number {
  if (typeof duration !== "string" || !isDuration(duration)) {
    if (field !== undefined) throw invalidRequest([{ pointer: `/${field}`, message: durationProblem(duration) }]);
    throw new HoldpointError("invalid_request", `"${duration}" is not a duration: it ${durationProblem(duration)}.`);
  }
  return toMs(duration) ?? 0;
}

/** The duration of so many milliseconds, as it is written: `5400000` is `"1h30m"`. */
export function durationOf(ms: number): Duration {
  const parts = unitMs.map(
    (unit, i) => [Math.floor((i === 0 ? ms : ms % (unitMs[i - 1] ?? 1)) / unit), units[i]] as const,
  );
  return parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : "")).join("");
}

function toMs(text: string): number | undefined {
  const match = text === "" ? null : pattern.exec(text);
  return match ? unitMs.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0) : undefined;
}
