import type { Change, ChangesFrame, Gone, Head, Subscription } from "@holdpoint/core";
import type { Clock } from "./clock.ts";
import { applyFrame, applyHead, type FeedPosition } from "./feed-position.ts";
import type { LiveConnection } from "./transport.ts";

/** What takes in the feed. */
export interface FeedSink {
  /** The answer to a subscription or a poll that was asked at `askedAt` (ms, by our clock). */
  synced(answer: Subscription, askedAt: number): void;
  /** Changes, in order, each at least once. */
  changes(changes: Change[]): void;
  /** What is out of sight from now on. */
  gone(gone: Gone[]): void;
}

/** Frames kept while an answer is awaited; when there are more, subscribing again is cheaper. */
const mostHeldFrames = 500;

/** A subscription under way, and what arrived before its answer. */
interface Asked {
  connection: LiveConnection;
  held: ChangesFrame[];
  /** Whether to subscribe once more after the answer. */
  again: boolean;
}

/** Follows the feed over whatever connection there is and notices when something was missed. */
export class FeedFollower {
  readonly #clock: Clock;
  readonly #sink: FeedSink;
  #position: FeedPosition | undefined;
  #cursor: string | undefined;
  #asked: Asked | undefined;

  constructor(clock: Clock, sink: FeedSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  /** Where to resume from; undefined before the first answer. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /**
   * Subscribes from the cursor; when a subscription is already under way, it is repeated after its answer.
   * Resolves with whether we are in step now, rejects when there was no answer.
   */
  async catchUp(connection: LiveConnection): Promise<boolean> {
    if (this.#asked?.connection === connection) {
      this.#asked.again = true;
      return true;
    }
    const asked: Asked = { connection, held: [], again: false };
    this.#asked = asked;
    try {
      const askedAt = this.#clock.now();
      const answer = await connection.subscribe(this.#cursor);
      if (this.#asked !== asked) return true;
      this.accept(answer, askedAt);
    } finally {
      if (this.#asked === asked) this.#asked = undefined;
    }
    return asked.held.every((frame) => this.frame(frame)) && !asked.again;
  }

  /** Takes an answer, from a subscription or a poll, as the new state of things. */
  accept(answer: Subscription, askedAt: number): void {
    this.#cursor = answer.cursor;
    this.#position = { cursor: answer.cursor, streams: answer.streams };
    this.#sink.synced(answer, askedAt);
  }

  /** Takes a frame. False when one before it was missed: time to catch up. */
  frame(frame: ChangesFrame): boolean {
    if (this.#asked) return hold(this.#asked, frame);
    if (!this.#position) return true;
    const applied = applyFrame(this.#position, frame);
    if (applied.verdict !== "apply") return applied.verdict === "drop";
    this.#position = applied.position;
    if (frame.changes.length > 0) this.#sink.changes(frame.changes);
    if (frame.gone) this.#sink.gone(frame.gone);
    return true;
  }

  /** Takes a head beat. False when it reveals a frame that never came. */
  head(head: Head): boolean {
    if (this.#asked || !this.#position) return true;
    const applied = applyHead(this.#position, head);
    if (applied.verdict !== "apply") return applied.verdict === "drop";
    this.#position = applied.position;
    this.#cursor = head.cursor;
    return true;
  }

  /** The connection is gone; the cursor stays. */
  reset(): void {
    this.#position = undefined;
    this.#asked = undefined;
  }
}

function hold(asked: Asked, frame: ChangesFrame): boolean {
  if (asked.held.length < mostHeldFrames) asked.held.push(frame);
  else asked.again = true;
  return true;
}
