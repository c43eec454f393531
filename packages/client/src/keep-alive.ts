import { type Approval, type Approvals, durationMs } from "@holdpoint/core";
import { type Clock, systemClock } from "./clock.ts";

/** For {@link keepAlive}. */
export interface KeepAliveOptions {
  /** Gives up: the lease ends by itself then, and the approval is withdrawn. */
  signal?: AbortSignal;
  clock?: Clock;
}

/** Heartbeats in the time of a lease: one or two may get lost. */
const beatsPerLease = 3;

/**
 * Waits for the end of an approval that was requested with a `lease`, and sends heartbeats meanwhile. One that fails is
 * of no consequence as long as the next comes through. Resolves with the approval once it has ended.
 *
 * @throws {HoldpointError} what waiting for it throws, such as `unavailable` when the server can't be reached
 */
export async function keepAlive(
  approvals: Pick<Approvals, "heartbeat" | "wait">,
  { id, lease }: Pick<Approval, "id" | "lease">,
  { signal, clock = systemClock }: KeepAliveOptions = {},
): Promise<Approval> {
  const stop = lease === undefined ? () => {} : beating(approvals, id, durationMs(lease) / beatsPerLease, clock);
  try {
    for (;;) {
      const approval = await approvals.wait(id, { signal });
      if (approval.status !== "pending") return approval;
    }
  } finally {
    stop();
  }
}

/** @returns how to stop */
function beating(approvals: Pick<Approvals, "heartbeat">, id: string, everyMs: number, clock: Clock): () => void {
  const over = new AbortController();
  const ignore = () => undefined;
  const beat = () => {
    cancel = clock.after(everyMs, beat);
    approvals.heartbeat(id, { signal: over.signal }).catch(ignore);
  };
  let cancel = clock.after(everyMs, beat);
  return () => {
    cancel();
    over.abort();
  };
}
