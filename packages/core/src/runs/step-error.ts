import { type Duration, durationMs } from "../time/duration.ts";
import { utcTime } from "../time/utc-time.ts";

/**
 * What `run.step` rejects with once a step has failed for good: its attempts are used up, or it threw a
 * `NonRetriableError`. Replays reject with the same message; what the step threw itself is gone by then.
 */
export class StepError extends Error {
  override readonly name = "StepError";
  /** The step's recorded name. */
  readonly step: string;

  /** The child run that failed, when the step was an invocation. */
  readonly runId?: string;

  constructor(step: string, message: string, runId?: string) {
    super(message);
    this.step = step;
    if (runId !== undefined) this.runId = runId;
  }
}

/** Thrown in a step: it fails at once, without retries, and so does the run unless its handler catches that. */
export class NonRetriableError extends Error {
  override readonly name = "NonRetriableError";
}

/** Thrown in a step: the next attempt is made when the error says, instead of after the step's backoff. It counts as one. */
export class RetryAfterError extends Error {
  override readonly name = "RetryAfterError";
  /** How long to wait, or until when. */
  readonly when: Duration | Date;

  /** @throws {HoldpointError} `invalid_request` naming `when` if it is neither a duration nor a date */
  constructor(message: string, when: Duration | Date) {
    super(message);
    if (when instanceof Date) utcTime(when, "when");
    else durationMs(when, "when");
    this.when = when;
  }
}
