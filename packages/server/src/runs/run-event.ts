import type { NewEvent, Person } from "@holdpoint/core";
import type { RunRow } from "./run-record.ts";

/** What the log says of a run. */
export function runEvent(
  type: NewEvent["type"] & `run.${string}`,
  run: Pick<RunRow, "id" | "workflow" | "version">,
  { now, actor, reason }: { now: string; actor?: Person; reason?: string },
): NewEvent {
  return {
    type,
    runId: run.id,
    ...(actor && { actor }),
    data: { workflow: run.workflow, version: Number(run.version), ...(reason !== undefined && { reason }) },
    at: now,
  };
}
