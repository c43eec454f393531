import type { CommitListener } from "./store.ts";

/** Tells listeners which tenants' logs may have grown. */
export class CommitFeed {
  readonly #listeners = new Set<CommitListener>();
  readonly #onError: (error: unknown) => void;

  /** @param onError told what a listener throws; the others are still called */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  subscribe(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls what waited for this commit, then whoever follows the tenants. */
  publish(tenantIds: ReadonlySet<string>, waiting: readonly (() => void)[] = []): void {
    for (const listener of waiting) this.#guard(listener);
    if (tenantIds.size === 0) return;
    for (const listener of this.#listeners) this.#guard(() => listener(tenantIds));
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onError(error);
    }
  }
}
