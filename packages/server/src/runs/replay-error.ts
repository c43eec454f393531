import type { StepKind } from "@holdpoint/core";
import type { StepRecord } from "./step-record.ts";

/** The code takes another path than the one that is recorded. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";

  constructor({ name, kind }: StepRecord, now: StepKind) {
    super(`"${name}" is recorded as ${kind}, but the workflow uses it as ${now}. Give changed code a new version.`);
  }
}
