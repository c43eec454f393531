import type { Run } from "@holdpoint/core";
import type { RunHandle } from "../hooks/use-run.ts";

/** `data-state` of a timeline's root: where the run stands, or why there is none to show. */
export type RunState = Run["status"] | "loading" | "not_found" | "error";

/** The state that a timeline shows. */
export function runState({ run, status, error }: RunHandle): RunState {
  if (run) return run.status;
  if (status === "loading") return "loading";
  return error?.code === "not_found" ? "not_found" : "error";
}
