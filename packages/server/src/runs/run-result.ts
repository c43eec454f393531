import type { ErrorRecord, NotApprovedError } from "@holdpoint/core";

/** How a handler ended; the output is JSON text. */
export type RunResult =
  | { status: "completed"; output: string | undefined }
  | { status: "failed"; error: ErrorRecord }
  | { status: "closed"; outcome: NotApprovedError["outcome"] };
