import { type Approval, defaultWaitSeconds, type Viewer } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { keepProcess } from "../keep-process.ts";
import type { LogTail } from "../live/log-tail.ts";
import { getApproval } from "./read-approvals.ts";

/** How long to wait. */
export interface WaitFacts {
  /** Seconds; default {@link defaultWaitSeconds}. */
  timeout?: number;
  /** Gives up; the wait rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The approval once it has ended, or as it stands when the time is up. Listens first and looks second, so that an end
 * in between is not missed; while it waits it reads nothing, and the process goes on.
 *
 * @throws {HoldpointError} `not_found`
 */
export async function waitForApproval(
  ctx: Context,
  log: LogTail,
  viewer: Viewer,
  id: string,
  { timeout = defaultWaitSeconds, signal }: WaitFacts = {},
): Promise<Approval> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const stopListening = await log.subscribe(viewer.tenantId, ({ changes }) => {
    if (changes.some(({ approval }) => approval.id === id && approval.status !== "pending")) resolve();
  });
  const stopTimer = ctx.clock.after(timeout * 1000, resolve);
  const letProcessEnd = keepProcess();
  const giveUp = () => resolve();
  signal?.addEventListener("abort", giveUp);
  try {
    const approval = await getApproval(ctx, viewer, id);
    if (approval.status !== "pending") return approval;
    signal?.throwIfAborted();
    await over;
    signal?.throwIfAborted();
    return await getApproval(ctx, viewer, id);
  } finally {
    stopListening();
    stopTimer();
    letProcessEnd();
    signal?.removeEventListener("abort", giveUp);
  }
}
