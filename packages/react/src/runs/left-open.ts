import type { Run, RunStep } from "@holdpoint/core";

/** Whether a step was still open when its run ended: nothing comes of it any more, though its record says that it waits. */
export function isLeftOpen({ status }: RunStep, { finishedAt }: Run): boolean {
  return finishedAt !== undefined && (status === "waiting" || status === "running");
}
