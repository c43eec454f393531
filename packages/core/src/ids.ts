import { decodeTime, encodeTime, monotonicFactory } from "ulid";

/** Makes ids: `prefix` + `_` + a ULID, which begins with the time; each sorts after the one before. */
export type NewId = (prefix: string) => string;

/** Where time and chance come from. */
export interface IdOptions {
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
  /** From 0 up to 1; default the platform's secure generator. */
  random?: () => number;
}

/** A generator of sortable ids (ULIDs). Ids stay in order when the clock stands still or jumps back. */
export function createIds({ now = Date.now, random = createRandom() }: IdOptions = {}): NewId {
  const next = monotonicFactory(random);
  // ulid reads a time of 0 as none given and asks the real clock: a clock that starts at the epoch counts from 1 ms.
  return (prefix) => `${prefix}_${next(Math.max(1, now()))}`;
}

/** Where the ids of a moment begin: all made before it sort before, all made at it or later do not. */
export function firstIdAt(prefix: string, ms: number): string {
  return `${prefix}_${encodeTime(Math.max(1, ms))}${"0".repeat(16)}`;
}

/** When an id was made, in ms since the epoch, by the clock that {@link firstIdAt} is asked by. */
export function idTime(id: string): number {
  return decodeTime(id.slice(id.indexOf("_") + 1));
}

/** The platform's secure generator, asked for many bytes at a time: a call costs far more than a byte. */
function createRandom(): () => number {
  const bytes = new Uint8Array(1024);
  let used = bytes.length;
  return () => {
    if (used === bytes.length) {
      crypto.getRandomValues(bytes);
      used = 0;
    }
    return (bytes[used++] ?? 0) / 256;
  };
}
