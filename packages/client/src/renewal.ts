import type { Clock } from "./clock.ts";

/** Credentials are renewed this long before they end, ms, or when a fifth of their time is left. */
const leadMs = 30_000;

/** Says when credentials are about to end: once for each end, so that a host that can't renew isn't asked all the time. */
export class Renewal {
  readonly #clock: Clock;
  readonly #renew: () => void;
  /** The end that renewing was tried for. */
  #triedFor: string | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, renew: () => void) {
    this.#clock = clock;
    this.#renew = renew;
  }

  /** @param expiresAt when the credentials end; `serverNow` is the time on the same clock, both ISO 8601 */
  schedule(expiresAt: string | undefined, serverNow: string): void {
    this.cancel();
    if (expiresAt === undefined || expiresAt === this.#triedFor) return;
    const leftMs = Date.parse(expiresAt) - Date.parse(serverNow);
    this.#cancel = this.#clock.after(Math.max(0, leftMs - Math.min(leadMs, leftMs / 5)), () => {
      this.#triedFor = expiresAt;
      this.#renew();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
