import type { ServerResponse } from "node:http";
import { HoldpointError } from "@holdpoint/core";

/** Aborted when the caller has gone, or for the reason of `stopping`: nobody waits for the answer any more. */
export function hangUpSignal(res: ServerResponse, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort(stopping.reason);
  res.once("close", () => controller.abort(new HoldpointError("unavailable", "The caller has gone.")));
  stopping.addEventListener("abort", stop, { signal });
  if (stopping.aborted) stop();
  return signal;
}
