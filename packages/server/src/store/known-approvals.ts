import { LRUCache } from "lru-cache";

/** How much is remembered of a database's approvals, in characters of JSON: some two thousand of ordinary size. */
const rememberedLength = 4_000_000;

/** JSON of stored approvals by {@link approvalKey}. */
export interface ApprovalBodies {
  get(key: string): string | undefined;
  set(key: string, body: string): unknown;
}

/** Approvals as they were committed last, for a database that nobody else writes to. */
export function rememberedApprovals(): ApprovalBodies & { clear(): void } {
  return new LRUCache<string, string>({ maxSize: rememberedLength, sizeCalculation: ({ length }) => length });
}

/** Approvals as they stand in a transaction, or in the transactions of one commit, where that is known without reading. */
export class KnownApprovals implements ApprovalBodies {
  readonly #before: ApprovalBodies;
  readonly #since = new Map<string, string>();

  /** @param before what was known when it began */
  constructor(before: ApprovalBodies = new Map()) {
    this.#before = before;
  }

  get(key: string): string | undefined {
    return this.#since.get(key) ?? this.#before.get(key);
  }

  set(key: string, body: string): void {
    this.#since.set(key, body);
  }

  /** Has what has become known outlive this, which has succeeded. */
  keep(): void {
    for (const [key, body] of this.#since) this.#before.set(key, body);
  }
}

/** Names an approval among those of all tenants. */
export function approvalKey({ tenantId, id }: { tenantId: string; id: string }): string {
  return `${id} ${tenantId}`;
}
