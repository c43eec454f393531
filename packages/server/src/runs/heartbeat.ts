import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { type Lease, type Pulse, renewLeases } from "./lease-table.ts";

/** What a heartbeat keeps alive. */
export interface HeartbeatOptions {
  worker: string;
  leaseMs: number;
  failpoint?: RunFailpoint;
  /** The leases to renew. */
  leases: () => readonly Lease[];
  /** Told which leases were renewed; those that are missing have ended. */
  beaten: (leases: readonly Lease[], pulses: readonly Pulse[]) => void;
}

/** Renews all leases of a worker with one statement, three times in the life of a lease, while there are any. */
export class Heartbeat {
  readonly #ctx: Context;
  readonly #options: HeartbeatOptions;
  #stopTimer: (() => void) | undefined;

  constructor(ctx: Context, options: HeartbeatOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /** Goes on until there is nothing left to renew. */
  start(): void {
    this.#stopTimer ??= this.#ctx.clock.after(this.#options.leaseMs / 3, () => {
      this.#stopTimer = undefined;
      void this.#beat().then(() => this.#goOn());
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #goOn(): void {
    if (this.#options.leases().length > 0) this.start();
  }

  async #beat(): Promise<void> {
    const { worker, leaseMs, failpoint, leases, beaten } = this.#options;
    const held = leases();
    if (held.length === 0) return;
    try {
      await failpoint?.("before-heartbeat");
      const leaseUntil = isoTime(this.#ctx.clock.now() + leaseMs);
      beaten(held, await this.#ctx.store.write((tx) => renewLeases(tx, { worker, leaseUntil }, held)));
    } catch (error) {
      this.#ctx.logger.warn({ err: error }, "can't renew the leases of runs");
    }
  }
}
