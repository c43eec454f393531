import type { CloseReason, LiveConnection, LiveListener } from "@holdpoint/client";
import {
  type Change,
  type ChangesFrame,
  type Gone,
  HoldpointError,
  type MemoryApprovals,
  type Subscription,
  type Viewer,
} from "@holdpoint/core";

/** The one stream of a fake feed: whatever the viewer can see. */
const stream = "visible";

/** Rows of the first page that a snapshot carries. */
const snapshotSize = 100;

/** What a fake feed is about. */
export interface FakeFeedOptions {
  approvals: MemoryApprovals;
  viewer: Viewer;
  /** The server's clock, ms since the epoch. */
  now: () => number;
}

/**
 * The live feed over approvals in memory. It remembers every change since its start, so a story may change things before
 * anything on the screen has subscribed.
 */
export class FakeFeed {
  readonly #options: FakeFeedOptions;
  readonly #changes: Change[] = [];
  readonly #gone: Gone[] = [];
  readonly #lines = new Set<LiveListener>();
  /** `seq` of the last change. */
  #position = 0;

  constructor(options: FakeFeedOptions) {
    this.#options = options;
  }

  /** Takes note of every change from now on; the first subscription has to come later. */
  start(): void {
    this.#options.approvals.subscribe(
      (change) => {
        this.#changes.push(change);
        this.#tell(change.seq, { changes: [change] });
      },
      (gone) => {
        this.#gone.push(gone);
        this.#tell(gone.seq, { changes: [], gone: [gone] });
      },
    );
  }

  /** A new connection, accepted in a moment. */
  open(listener: LiveListener): LiveConnection {
    this.#lines.add(listener);
    queueMicrotask(() => this.#lines.has(listener) && listener.opened());
    return {
      subscribe: async (cursor) => {
        const answer = await this.answer(cursor);
        if (this.#lines.has(listener)) return answer;
        throw new HoldpointError("unavailable", "The connection ended.");
      },
      close: () => void this.#lines.delete(listener),
    };
  }

  /** Ends every connection. */
  hangUp(reason: CloseReason): void {
    const lines = [...this.#lines];
    this.#lines.clear();
    for (const listener of lines) listener.closed(reason);
  }

  /** The state, or what came since `cursor`. */
  async answer(cursor?: string): Promise<Subscription> {
    const { approvals, viewer, now } = this.#options;
    const counts = await approvals.counts();
    const page = await approvals.list({ status: ["pending"], limit: snapshotSize });
    const head = {
      cursor: String(this.#position),
      streams: { [stream]: this.#position },
      now: new Date(now()).toISOString(),
      viewer,
    };
    if (cursor !== undefined) {
      const isMissed = ({ seq }: { seq: number }) => seq > Number(cursor);
      return { ...head, counts, changes: this.#changes.filter(isMissed), gone: this.#gone.filter(isMissed) };
    }
    return { ...head, snapshot: { approvals: page.items, counts, nextCursor: page.nextCursor } };
  }

  #tell(seq: number, told: Pick<ChangesFrame, "changes" | "gone">): void {
    const frame: ChangesFrame = { stream, from: this.#position, to: seq, ...told };
    this.#position = seq;
    for (const listener of [...this.#lines]) listener.frame(frame);
  }
}
