import type { Approval } from "../approval/approval.ts";
import { eventsBetween } from "../approval/approval-events.ts";
import type { LogEvent, NewEvent } from "../log/event.ts";
import { logEventHash, zeroHash } from "../log/log-hash.ts";
import type { Change } from "../wire/live.ts";

/** Told of every event with the approval as it stands after it, and as it was before. */
export type LedgerListener = (change: Change, before: Approval | undefined) => void;

/** Approvals and their log in memory, of all tenants: what a database is to a server. */
export class MemoryLedger {
  readonly #approvals = new Map<string, Approval>();
  readonly #logs = new Map<string, LogEvent[]>();
  readonly #listeners = new Set<LedgerListener>();

  get(id: string): Approval | undefined {
    return this.#approvals.get(id);
  }

  all(): Approval[] {
    return [...this.#approvals.values()];
  }

  events(tenantId: string): LogEvent[] {
    return this.#logs.get(tenantId) ?? [];
  }

  /**
   * Stores what became of an approval and tells the listeners; nothing happens when it is what was `before`. Of an
   * outcome that something elsewhere is to be told, it says that it couldn't be: nothing in memory resumes.
   *
   * @param acts what was done to it, where that doesn't follow from the difference
   */
  save(before: Approval | undefined, after: Approval, acts: readonly NewEvent[] = []): Approval {
    if (after === before) return after;
    const hasEnded = before?.status === "pending" && after.status !== "pending";
    const stored: Approval = hasEnded && after.source?.ref !== undefined ? { ...after, delivery: "failed" } : after;
    this.#approvals.set(stored.id, stored);
    const appended = [...acts, ...eventsBetween(before, stored)].map((event) =>
      this.#append({ ...event, tenantId: stored.tenantId }),
    );
    for (const { seq, type } of appended) {
      for (const listener of [...this.#listeners]) listener({ seq, type, approval: stored }, before);
    }
    return stored;
  }

  /** @returns how to stop listening */
  subscribe(listener: LedgerListener): () => void {
    const own: LedgerListener = (...told) => listener(...told);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #append(event: Omit<LogEvent, "seq" | "prevHash" | "hash">): LogEvent {
    const log = this.events(event.tenantId);
    const link = { ...event, seq: log.length + 1, prevHash: log.at(-1)?.hash ?? zeroHash };
    const appended = { ...link, hash: logEventHash(link) };
    this.#logs.set(event.tenantId, [...log, appended]);
    return appended;
  }
}
