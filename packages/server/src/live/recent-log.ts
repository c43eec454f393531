import type { EventType, LogEvent } from "@holdpoint/core";
import type { LogHead } from "../store/store.ts";
import { type CursorPlace, isAt } from "./cursor.ts";
import { lostBy } from "./lost-sight.ts";

/** An event of the log, as far as following it needs. */
export interface LogEntry extends LogHead {
  type: EventType;
  approvalId?: string;
  /** Streams that may carry the approval no longer. */
  lost?: readonly string[];
}

/** The last events of one tenant's log, up to a number of them. */
export class RecentLog {
  readonly #capacity: number;
  /** The place before the first entry. */
  #base: LogHead;
  #entries: LogEntry[] = [];

  constructor(base: LogHead, capacity: number) {
    this.#base = base;
    this.#capacity = capacity;
  }

  /** Where the log ends. */
  get head(): LogHead {
    return this.#entries.at(-1) ?? this.#base;
  }

  /** Takes the events that follow the head. */
  append(events: readonly LogEvent[]): void {
    for (const event of events) this.#entries.push(toEntry(event));
    const surplus = this.#entries.length - this.#capacity;
    if (surplus <= 0) return;
    this.#base = this.#entries[surplus - 1] ?? this.#base;
    this.#entries = this.#entries.slice(surplus);
  }

  /** What came after a place; undefined when that is longer ago than we remember, or the place is in another log. */
  since(place: CursorPlace): LogEntry[] | undefined {
    const index = place.seq - this.#base.seq;
    if (index < 0 || index > this.#entries.length) return undefined;
    const at = index === 0 ? this.#base : this.#entries[index - 1];
    return at && isAt(place, at.hash) ? this.#entries.slice(index) : undefined;
  }
}

function toEntry(event: LogEvent): LogEntry {
  const { seq, hash, type, approvalId } = event;
  const lost = lostBy(event);
  return lost.length > 0 ? { seq, hash, type, approvalId, lost } : { seq, hash, type, approvalId };
}
