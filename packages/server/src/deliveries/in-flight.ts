import { HoldpointError } from "@holdpoint/core";
import type { DeliveryRow } from "./deliveries-table.ts";

/** One tenant's part of a channel or resumer; each has room of its own, so that none waits for another's receivers. */
export type Share = Pick<DeliveryRow, "tenant_id" | "channel">;

/** Names a share. */
export function shareKey({ tenant_id, channel }: Share): string {
  return JSON.stringify([tenant_id, channel]);
}

/** Counts the deliveries that a sender has in flight. */
export class InFlight {
  readonly #limit: number;
  readonly #totalLimit: number;
  #total = 0;
  readonly #counts = new Map<string, { share: Share; count: number }>();

  /**
   * @param limit of each share
   * @param totalLimit of all together: there may be any number of tenants
   * @throws {HoldpointError} `invalid_request` naming the option with which nothing would ever be sent
   */
  constructor(limit: number, totalLimit: number) {
    this.#limit = asLimit("concurrency", limit);
    this.#totalLimit = asLimit("totalConcurrency", totalLimit);
  }

  /** How many more there may be in all. */
  totalRoom(): number {
    return this.#totalLimit - this.#total;
  }

  /** How many more there may be of a share. */
  room(share: Share): number {
    return this.#limit - (this.#counts.get(shareKey(share))?.count ?? 0);
  }

  /** Shares without room. */
  full(): Share[] {
    return [...this.#counts.values()].flatMap(({ share }) => (this.room(share) <= 0 ? share : []));
  }

  add({ tenant_id, channel }: Share): void {
    this.#count({ tenant_id, channel }, 1);
  }

  remove({ tenant_id, channel }: Share): void {
    this.#count({ tenant_id, channel }, -1);
  }

  #count(share: Share, by: number): void {
    this.#total += by;
    const key = shareKey(share);
    const count = (this.#counts.get(key)?.count ?? 0) + by;
    if (count > 0) this.#counts.set(key, { share, count });
    else this.#counts.delete(key);
  }
}

function asLimit(option: string, limit: number): number {
  if (limit >= 1) return limit;
  throw new HoldpointError("invalid_request", `deliveries.${option}: must be at least 1, not ${limit}.`);
}
