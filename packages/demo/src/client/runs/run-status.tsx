import type { Run, RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";

type Status = Run["status"] | RunStep["status"];

const words: Record<Status, string> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  stranded: "Stranded",
  completed: "Completed",
  failed: "Failed",
  rejected: "Rejected",
  timed_out: "Timed out",
  cancelled: "Cancelled",
};

/** The status of a run or step, in words and a colour. */
export function RunStatusLabel({ status }: { status: Status }): ReactElement {
  return (
    <span className="status" data-status={status}>
      {words[status]}
    </span>
  );
}
