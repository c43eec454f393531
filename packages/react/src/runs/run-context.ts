"use client";
import type { Run, RunStep } from "@holdpoint/core";
import { createContext, type ReactNode, useContext } from "react";
import type { RunHandle } from "../hooks/use-run.ts";

/** What the parts of a timeline share. */
export interface RunContextValue extends RunHandle {
  run: Run;
  titleId: string;
  /** Moves the focus to where the header says how the run stands. */
  focusStatus: () => void;
  /** Whether the run is read through the provider around, so that its approvals can be too. */
  connected: boolean;
  /** What to call it; default the workflow's name. */
  name?: string;
  /** Shows an approval that a step asked for, below that step. */
  renderApproval?: (approvalId: string, step: RunStep) => ReactNode;
  /** Shows, or links to, a run that a step started, below that step. */
  renderRun?: (runId: string) => ReactNode;
}

/** The timeline around a part. */
export const RunViewContext = createContext<RunContextValue | undefined>(undefined);

/**
 * The run that the timeline around shows, for parts of one's own.
 *
 * @throws {Error} outside a timeline
 */
export function useRunView(): RunContextValue {
  const view = useContext(RunViewContext);
  if (!view) throw new Error("This part belongs inside a <RunTimeline>.");
  return view;
}
