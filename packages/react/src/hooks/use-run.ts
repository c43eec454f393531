"use client";
import type { HoldpointError, Run } from "@holdpoint/core";
import { useCallback, useMemo } from "react";
import { useStore } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** One run, where it comes from left open: what a timeline needs to show it. */
export interface RunHandle {
  status: "loading" | "ready" | "error";
  run?: Run;
  /** Why the run could not be read, or why what was asked of it last failed. */
  error?: HoldpointError;
  /** Ends the run and withdraws what it asks; absent where it can't be done. Rejects with a {@link HoldpointError}. */
  cancel?: (reason?: string) => Promise<Run>;
  /** Lets a failed run go on from what it has recorded; absent where it can't be done. Rejects as `cancel` does. */
  retry?: () => Promise<Run>;
}

/** {@link RunHandle} of a run that is read and changed through the provider around. */
export type UseRun = RunHandle & Required<Pick<RunHandle, "cancel" | "retry">>;

/** One run by its id with its steps, kept current while it goes on. */
export function useRun(id: string): UseRun {
  const store = useStore();
  const entry = useReadable(useMemo(() => store.observeRun(id), [store, id]));
  const cancel = useCallback((reason?: string) => store.cancelRun(id, reason), [store, id]);
  const retry = useCallback(() => store.retryRun(id), [store, id]);
  return { ...entry, cancel, retry };
}
