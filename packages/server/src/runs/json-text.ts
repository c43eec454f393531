import { jsonProblem } from "@holdpoint/core";

/**
 * The JSON text of a value that is to be recorded; undefined for undefined, which a step may return.
 *
 * @param what names the value in the error: `Step "draft"`, `The handler`
 * @throws {TypeError} when a replay could not give the same value back
 */
export function jsonText(value: unknown, what: string): string | undefined {
  if (value === undefined) return undefined;
  const problem = jsonProblem(value);
  if (problem) {
    const place = problem.path.length > 0 ? ` (at ${problem.path.join(".")})` : "";
    throw new TypeError(`${what} returned something that can't be recorded${place}: it ${problem.message}.`);
  }
  return JSON.stringify(value);
}
