import { type ErrorRecord, StepError } from "@holdpoint/core";
import { errorRecord } from "./error-record.ts";

/**
 * What is stored of something that a handler threw, with the failed steps that it failed with: those whose errors it
 * threw, wrapped or not; when it threw an error of its own, those whose errors it was given last.
 *
 * @param given the names of steps whose failures the handler was given since it last called for something
 */
export function runFailure(thrown: unknown, given: readonly string[]): ErrorRecord {
  const own = stepsOfErrors(thrown);
  const steps = [...new Set(own.length > 0 ? own : given)];
  return { ...errorRecord(thrown), ...(steps.length > 0 && { steps }) };
}

/** Looks at each error once: an error can be its own cause, and the cause of many. */
function stepsOfErrors(thrown: unknown, seen = new Set<unknown>()): string[] {
  if (thrown instanceof StepError) return [thrown.step];
  if (!(thrown instanceof Error) || seen.has(thrown)) return [];
  seen.add(thrown);
  const inner: unknown[] = thrown instanceof AggregateError ? [...thrown.errors, thrown.cause] : [thrown.cause];
  return inner.flatMap((error) => stepsOfErrors(error, seen));
}

/** Thrown when a handler has awaited something outside the run context for too long. */
export class HandlerStalledError extends Error {
  override readonly name = "HandlerStalledError";

  constructor(ms: number) {
    super(
      `The handler has awaited something outside the run context for ${Math.round(ms / 1_000)} s, while no step executed and no call of the run context was open. Put such work into run.step, with a timeout, and waits into run.sleep, a gate or another method of the context.`,
    );
  }
}
