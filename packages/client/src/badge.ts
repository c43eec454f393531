import { type Approval, awaits, type Counts, type Viewer } from "@holdpoint/core";
import { type Backoff, fullJitter } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { type Cell, createCell, type Readable } from "./readable.ts";
import type { RowChange } from "./rows.ts";

/** What a badge works with. */
export interface BadgeOptions {
  clock: Clock;
  random: () => number;
  /** Asks the server. */
  read: () => Promise<Counts>;
  initial?: Counts;
}

/** Waits before the server is asked again, ms: longer and longer while there is always something new. */
const pauses: Backoff = { baseMs: 1_000, capMs: 30_000 };

/** After so long without a doubt, ms, the waits are short again. */
const quietMs = 60_000;

/** Changes that come so soon after a count, ms, may have been counted in it. */
const overlapMs = 2_000;

/**
 * Badge counts. They follow the changes of the rows that we hold; where those can't tell, the server is asked: a little
 * later, and only while somebody looks.
 */
export class Badge {
  readonly #options: BadgeOptions;
  readonly #cell: Cell<Counts | undefined>;
  #watched = false;
  #doubtful = false;
  #countedAt = Number.NEGATIVE_INFINITY;
  #followedAt = Number.NEGATIVE_INFINITY;
  /** Times in a row that the server was asked. */
  #asked = 0;
  #cancelRead: (() => void) | undefined;

  constructor(options: BadgeOptions) {
    this.#options = options;
    this.#cell = createCell<Counts | undefined>(options.initial, {
      onWatched: () => {
        this.#watched = true;
        if (this.#doubtful) this.#readLater();
      },
      onUnwatched: () => {
        this.#watched = false;
      },
    });
  }

  get counts(): Readable<Counts | undefined> {
    return this.#cell;
  }

  /** Takes what the server counted when it was asked at `askedAt`, ms. What happened meanwhile may be missing from it. */
  reset(counts: Counts, askedAt: number): void {
    this.stop();
    this.#doubtful = false;
    this.#countedAt = this.#options.clock.now();
    if (JSON.stringify(counts) !== JSON.stringify(this.#cell.get())) this.#cell.set(counts);
    if (this.#followedAt >= askedAt) this.doubt();
  }

  /** Follows changes as they happen; `isNew` tells, of a row that we didn't hold, whether it was created just now. */
  follow(changes: readonly RowChange[], viewer: Viewer, isNew: (id: string) => boolean): void {
    const counts = this.#cell.get();
    this.#followedAt = this.#options.clock.now();
    if (!counts) return;
    const sure = changes.filter(({ before, after }) => before !== undefined || isNew(after.id));
    this.#cell.set(sure.reduce((sum, change) => recount(sum, change, viewer), counts));
    if (sure.length < changes.length || this.#followedAt - this.#countedAt < overlapMs) this.doubt();
  }

  /** Takes away what is out of sight. */
  lost(approvals: readonly Approval[], viewer: Viewer): void {
    const counts = this.#cell.get();
    if (counts) this.#cell.set(approvals.reduce((sum, approval) => add(sum, approval, viewer, -1), counts));
  }

  /** Something happened that only the server can count. */
  doubt(): void {
    this.#doubtful = true;
    if (this.#watched) this.#readLater();
  }

  stop(): void {
    this.#cancelRead?.();
    this.#cancelRead = undefined;
  }

  #readLater(): void {
    if (this.#cancelRead) return;
    const { clock, random } = this.#options;
    this.#asked = clock.now() - this.#countedAt > quietMs ? 1 : this.#asked + 1;
    this.#cancelRead = clock.after(pauses.baseMs / 2 + fullJitter(this.#asked, pauses, random), () => {
      this.#cancelRead = undefined;
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    const askedAt = this.#options.clock.now();
    try {
      this.reset(await this.#options.read(), askedAt);
    } catch {
      // Counts are asked for again with the next doubt, and come with the next subscription.
    }
  }
}

function recount(counts: Counts, { before, after }: RowChange, viewer: Viewer): Counts {
  return add(before ? add(counts, before, viewer, -1) : counts, after, viewer, 1);
}

function add(counts: Counts, approval: Approval, viewer: Viewer, by: 1 | -1): Counts {
  if (approval.status !== "pending") return counts;
  const { pending, mine, byRisk } = counts;
  return {
    pending: pending + by,
    mine: mine + (awaits(approval, viewer) ? by : 0),
    byRisk: { ...byRisk, [approval.risk]: byRisk[approval.risk] + by },
  };
}
