import { errorRecord } from "./error-record.ts";
import type { PassServices } from "./pass-parts.ts";
import { createRunJournal } from "./run-journal.ts";
import type { RunRow } from "./run-record.ts";
import type { StepRecord } from "./step-record.ts";

/** A run has taken its process with it too often, or was there each time that something else did. */
export class RunLostError extends Error {
  override readonly name = "RunLostError";

  /** @param executing the steps that were under way, as far as that is known */
  constructor(times: number, executing: readonly string[]) {
    const names = executing.map((name) => `"${name}"`).join(", ");
    const steps = names && ` It was executing ${names}.`;
    super(
      `The process that executed the run has ended ${times} times without the run getting any further.${steps} Look for what ends the process (a crash, process.exit, memory), then retry the run.`,
    );
  }
}

/** Fails a run, without calling its handler, that is not to be taken up once more. */
export async function failLostRun(services: PassServices, run: RunRow, recorded: readonly StepRecord[]): Promise<void> {
  const steps = recorded.flatMap(({ kind, status, name }) => (kind === "step" && status === "running" ? name : []));
  const error = { ...errorRecord(new RunLostError(Number(run.recoveries), steps)), ...(steps.length > 0 && { steps }) };
  await createRunJournal(services, run).finish({ status: "failed", error }, true);
}
