import { zeroHash } from "@holdpoint/core";
import type { LogHead } from "../store/store.ts";

/** Hex digits of the hash that a cursor carries: enough to tell a log from another one that grew to the same length. */
const hashDigits = 16;

const form = /^(0|[1-9]\d{0,15})\.([0-9a-f]{16})$/;

/** A place in a tenant's log, as a cursor names it. */
export interface CursorPlace {
  seq: number;
  /** The first digits of the hash of the event at `seq`. */
  hashPrefix: string;
}

/** An opaque cursor for a place in a tenant's log. */
export function encodeCursor({ seq, hash }: LogHead): string {
  return Buffer.from(`${seq}.${hash.slice(0, hashDigits)}`).toString("base64url");
}

/** The place that a cursor names; undefined for anything that isn't a cursor. */
export function decodeCursor(cursor: string): CursorPlace | undefined {
  const [, seq, hashPrefix] = form.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  return seq !== undefined && hashPrefix !== undefined ? { seq: Number(seq), hashPrefix } : undefined;
}

/** Whether a cursor was made from this very log: one that was restored and grew differently has another hash here. */
export function isAt(place: CursorPlace, hash: string = zeroHash): boolean {
  return hash.startsWith(place.hashPrefix);
}
