import { type Backoff, backoffMs, type Random } from "../backoff.ts";
import type { Clock } from "../clock.ts";

const backoff: Backoff = { firstMs: 1_000, longestMs: 60_000 };

/** Groups that are remembered; of more than that, those that began to fail first are asked about sooner. */
const most = 1_000;

interface Failures {
  attempts: number;
  /** Ms since the epoch. */
  until: number;
}

/** Groups whose members the host couldn't name, and for how long it isn't asked again. */
export class FailingLookups {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Until when not to ask, in ms since the epoch; undefined when all of these may be asked about. */
  until(tenantId: string, groups: readonly string[]): number | undefined {
    const until = Math.max(...groups.map((group) => this.#failures.get(keyOf(tenantId, group))?.until ?? 0));
    return until > this.#clock.now() ? until : undefined;
  }

  failed(tenantId: string, groups: readonly string[]): void {
    for (const group of groups) {
      const attempts = (this.#failures.get(keyOf(tenantId, group))?.attempts ?? 0) + 1;
      const until = this.#clock.now() + backoffMs(backoff, attempts, this.#random);
      this.#failures.set(keyOf(tenantId, group), { attempts, until });
    }
    for (const first of this.#failures.keys()) {
      if (this.#failures.size <= most) break;
      this.#failures.delete(first);
    }
  }

  answered(tenantId: string, groups: readonly string[]): void {
    for (const group of groups) this.#failures.delete(keyOf(tenantId, group));
  }
}

function keyOf(tenantId: string, group: string): string {
  return JSON.stringify([tenantId, group]);
}
