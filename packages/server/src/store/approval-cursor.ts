import type { ApprovalSort } from "@holdpoint/core";
import { invalidCursor } from "../invalid-cursor.ts";

/** The last approval of a page: its place in the order of the list. */
export interface Position {
  /** What the list is ordered by; the id itself when that is the order. */
  rank: string;
  id: string;
}

/** A cursor names its list's order, so that it can't be used with another one. */
export function encodeCursor(sort: ApprovalSort, { rank, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, rank, id])).toString("base64url");
}

/** @throws {HoldpointError} `invalid_request` when the cursor isn't one that a list in this order gave */
export function decodeCursor(sort: ApprovalSort, cursor: string): Position {
  const [cursorSort, rank, id] = parts(cursor);
  if (cursorSort === sort && rank !== undefined && id !== undefined) return { rank, id };
  throw invalidCursor();
}

function parts(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const usable = (part: unknown) => typeof part === "string" && !part.includes("\0");
    return Array.isArray(value) && value.length === 3 && value.every(usable) ? value : [];
  } catch {
    return [];
  }
}
