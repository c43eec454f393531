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
