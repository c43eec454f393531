import type { Approval, Change, LogEvent } from "@holdpoint/core";
import { getApprovals } from "../store/approvals-table.ts";
import { listEvents, logHead } from "../store/events-table.ts";
import type { LogHead, Store } from "../store/store.ts";
import { type LostSight, lostBy, lostSight } from "./lost-sight.ts";
import { RecentLog } from "./recent-log.ts";
import { SharedReads } from "./shared-reads.ts";

/** What a stretch of a tenant's log changed: the events after `from`, up to and including `to`. */
export interface LogBatch {
  tenantId: string;
  from: number;
  to: number;
  /** One per approval that was touched, at its last event. */
  changes: Change[];
  lost: LostSight[];
}

/** Told of every batch, in order, once each. Must not throw. */
export type BatchListener = (batch: LogBatch) => void;

/** Events remembered for those who come back: after more than this many they get a snapshot. */
export const rememberedEvents = 500;

/** Events read at a time, which also bounds how much one frame can carry. */
const batchSize = 100;

/** Answers shared between viewers; see {@link SharedReads}. */
const sharedAnswers = 128;

/** Follows one tenant's log in `seq` order, reading committed rows only. */
export class TenantTail {
  readonly tenantId: string;
  /** Reads that hold for the head we are at. */
  readonly reads = new SharedReads(sharedAnswers);
  readonly #store: Store;
  readonly #listeners = new Set<BatchListener>();
  readonly #recent: RecentLog;
  /** Approvals read since the head moved, for those who catch up. */
  #approvals = new Map<string, Promise<Approval | undefined>>();
  #advancing: Promise<void> | undefined;
  #again = false;

  /** Starts following at the end of the log, remembering what came just before. */
  static async open(store: Store, tenantId: string): Promise<TenantTail> {
    const head = await logHead(store.reader, tenantId);
    const after = Math.max(0, head.seq - rememberedEvents);
    const events = await listEvents(store.reader, tenantId, { after, limit: rememberedEvents + 1 });
    return new TenantTail(store, tenantId, head, events);
  }

  private constructor(store: Store, tenantId: string, head: LogHead, events: LogEvent[]) {
    this.#store = store;
    this.tenantId = tenantId;
    const [first] = events;
    this.#recent = new RecentLog(first ? { seq: first.seq - 1, hash: first.prevHash } : head, rememberedEvents);
    this.#recent.append(events);
  }

  /** How far we have followed. */
  get head(): LogHead {
    return this.#recent.head;
  }

  get recent(): RecentLog {
    return this.#recent;
  }

  /** Whether somebody listens. */
  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: BatchListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lets go of answers kept for others who may ask the same. */
  forgetReads(): void {
    this.reads.clear();
    this.#approvals = new Map();
  }

  /** Reads on from the head. Calls that come while one is under way make it go round once more. */
  advance(): Promise<void> {
    this.#again = true;
    this.#advancing ??= this.#readOn().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  /** Approvals as they stand at the head or later; those already read since it moved aren't read again. */
  async approvals(ids: readonly string[]): Promise<Approval[]> {
    const missing = ids.filter((id) => !this.#approvals.has(id));
    if (missing.length > 0) {
      const read = this.#read(missing);
      for (const id of missing) {
        this.#approvals.set(
          id,
          read.then((found) => found.get(id)),
        );
      }
    }
    const found = await Promise.all(ids.map((id) => this.#approvals.get(id)));
    return found.filter((approval) => approval !== undefined);
  }

  async #readOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const from = this.head.seq;
      const read = await listEvents(this.#store.reader, this.tenantId, { after: from, limit: batchSize });
      const events = read.filter((event, i) => event.seq === from + 1 + i);
      if (read.length === batchSize) this.#again = true;
      const to = events.at(-1)?.seq;
      if (to === undefined) continue;
      const { changes, lost } = await this.#changes(events);
      this.#recent.append(events);
      this.forgetReads();
      for (const listener of this.#listeners) listener({ tenantId: this.tenantId, from, to, changes, lost });
    }
  }

  async #changes(events: readonly LogEvent[]): Promise<Pick<LogBatch, "changes" | "lost">> {
    const last = lastOfEach(events);
    if (last.size === 0) return { changes: [], lost: [] };
    const found = await this.#read([...last.keys()]);
    const changes = [...last].flatMap(([id, { seq, type }]) => {
      const approval = found.get(id);
      return approval ? [{ seq, type, approval }] : [];
    });
    const entries = events.map((event) => ({ ...event, lost: lostBy(event) }));
    return { changes, lost: lostSight(entries, found) };
  }

  #read(ids: readonly string[]): Promise<Map<string, Approval>> {
    return getApprovals(this.#store.reader, this.tenantId, ids);
  }
}

/** The last entry about each approval, in the order of those entries. */
export function lastOfEach<T extends { approvalId?: string }>(entries: readonly T[]): Map<string, T> {
  const last = new Map<string, T>();
  for (const entry of entries) {
    if (entry.approvalId === undefined) continue;
    last.delete(entry.approvalId);
    last.set(entry.approvalId, entry);
  }
  return last;
}
