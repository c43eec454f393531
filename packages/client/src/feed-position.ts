import type { ChangesFrame, Head } from "@holdpoint/core";

/** How far a viewer has followed the live feed. */
export interface FeedPosition {
  /** Opaque; what to resume from. */
  cursor: string;
  /** By stream, the last event of the tenant's log that is covered. */
  streams: Readonly<Record<string, number>>;
}

/** What to do with something that arrived: take it and move on, ignore it, or subscribe again because some was missed. */
export type Verdict = { verdict: "apply"; position: FeedPosition } | { verdict: "drop" } | { verdict: "gap" };

/** Whether a frame continues what we have: `from <= position < to`. A stream that we don't know is a gap. */
export function applyFrame(position: FeedPosition, frame: ChangesFrame): Verdict {
  const at = position.streams[frame.stream];
  if (at === undefined) return { verdict: "gap" };
  if (frame.to <= at) return { verdict: "drop" };
  if (frame.from > at) return { verdict: "gap" };
  return { verdict: "apply", position: { ...position, streams: { ...position.streams, [frame.stream]: frame.to } } };
}

/** Whether a head beat confirms what we have: then its cursor is the one to resume from. */
export function applyHead(position: FeedPosition, head: Head): Verdict {
  const missed = Object.entries(head.streams).some(([stream, to]) => (position.streams[stream] ?? -1) < to);
  return missed ? { verdict: "gap" } : { verdict: "apply", position: { ...position, cursor: head.cursor } };
}
