import { type ErrorCode, HoldpointError } from "../error.ts";
import { canonicalJson } from "../json/canonical-json.ts";

/** Fails unless both are the same JSON value. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [textOf(actual), textOf(expected)];
  if (got !== wanted) throw new Error(`${what} is ${got}, not ${wanted}`);
}

/** Fails unless the condition holds. */
export function expectTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected ${what}`);
}

/** Fails unless the call is refused with this code; returns the error. */
export async function expectRefused(call: Promise<unknown>, code: ErrorCode): Promise<HoldpointError> {
  const result = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in result) throw new Error(`expected ${code}, but the call succeeded`);
  const { error } = result;
  if (!(error instanceof HoldpointError)) throw new Error(`expected a HoldpointError, not ${error}`, { cause: error });
  expectEqual(error.code, code, `the code of "${error.message}"`);
  return error;
}

function textOf(value: unknown): string {
  return value === undefined ? "undefined" : canonicalJson(value);
}
