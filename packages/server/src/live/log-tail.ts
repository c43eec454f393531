import type { Context } from "../context.ts";
import { logHeads } from "../store/events-table.ts";
import { type BatchListener, TenantTail } from "./tenant-tail.ts";

/** Follows the logs of the tenants that somebody listens to; the others cost nothing. */
export interface LogTail {
  /** Listens to a tenant's log. Once it has resolved, everything that is committed from then on will be told. */
  subscribe(tenantId: string, listener: BatchListener): Promise<() => void>;
  /** A tenant's log as far as it has been followed; it stays followed for a while. */
  follow(tenantId: string): Promise<TenantTail>;
  start(): void;
  /** Stops following; resolves once nothing is being read any more. */
  stop(): Promise<void>;
}

/** How following can be tuned. */
export interface LogTailOptions {
  /** How often to look for commits that no signal announced, ms. Default 5,000. */
  pollMs?: number;
}

interface Followed {
  tail: Promise<TenantTail>;
  usedAt: number;
}

/** How long a tenant is followed, ms, after somebody last asked for its log. */
const lingerMs = 60_000;

/**
 * Creates the tail of all tenants' logs. Commits wake it (in this process at once, from other nodes by the database's
 * notification), and a slow poll finds what no signal announced.
 */
export function createLogTail(
  ctx: Pick<Context, "store" | "clock" | "logger">,
  { pollMs = 5_000 }: LogTailOptions = {},
): LogTail {
  const { store, clock, logger } = ctx;
  const followed = new Map<string, Followed>();
  let unlisten: (() => void) | undefined;
  let cancelPoll: (() => void) | undefined;

  const follow = (tenantId: string): Promise<TenantTail> => {
    const known = followed.get(tenantId);
    if (known) {
      known.usedAt = clock.now();
      return known.tail;
    }
    const tail = TenantTail.open(store, tenantId);
    followed.set(tenantId, { tail, usedAt: clock.now() });
    tail.catch(() => followed.delete(tenantId));
    return tail;
  };

  const advance = (tail: TenantTail) =>
    tail
      .advance()
      .catch((error: unknown) => logger.warn({ err: error, tenantId: tail.tenantId }, "could not read the log"));

  const wake = (tenantId: string) =>
    void followed.get(tenantId)?.tail.then(advance, () => undefined /* whoever asked was told */);

  const poll = async () => {
    for (const [tenantId, { tail, usedAt }] of followed) {
      if (clock.now() - usedAt > lingerMs && !(await tail).watched) followed.delete(tenantId);
    }
    if (followed.size === 0) return;
    const heads = await logHeads(store.reader, [...followed.keys()]);
    for (const [tenantId, { tail }] of followed) {
      const opened = await tail;
      opened.forgetReads();
      if ((heads.get(tenantId)?.seq ?? 0) > opened.head.seq) wake(tenantId);
    }
  };

  const schedulePoll = () => {
    cancelPoll = clock.after(pollMs, () => {
      schedulePoll();
      poll().catch((error: unknown) => logger.warn({ err: error }, "could not look for new events"));
    });
  };

  return {
    follow,
    async subscribe(tenantId, listener) {
      return (await follow(tenantId)).subscribe(listener);
    },
    start() {
      unlisten = store.onCommit((tenantIds) => {
        for (const tenantId of tenantIds) wake(tenantId);
      });
      schedulePoll();
    },
    async stop() {
      unlisten?.();
      cancelPoll?.();
      const reading = [...followed.values()].map(async ({ tail }) => (await tail).advance());
      followed.clear();
      await Promise.allSettled(reading);
    },
  };
}
