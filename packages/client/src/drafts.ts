import type { Json } from "@holdpoint/core";
import { type Cell, createCell, type Readable } from "./readable.ts";

/** What a reviewer has written and not sent. */
export interface Draft {
  /** Edited arguments. */
  args?: Json;
  /** An answer, possibly incomplete. */
  answer?: Json;
  /** Edited arguments or an answer as JSON text that can't be read yet: what is being written, ahead of the value. */
  json?: string;
  comment?: string;
}

/** Where drafts outlive a reload: the part of the browser's `sessionStorage` that is used. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Drafts by approval. */
export interface Drafts {
  observe(approvalId: string): Readable<Draft | undefined>;
  get(approvalId: string): Draft | undefined;
  /** Replaces the draft; undefined discards it. */
  set(approvalId: string, draft: Draft | undefined): void;
}

/** Keeps drafts in memory, and in `storage` when there is one: a full or forbidden storage costs only the copy. */
export function createDrafts(storage?: DraftStorage, prefix = "holdpoint:draft:"): Drafts {
  const cells = new Map<string, Cell<Draft | undefined>>();
  const cellOf = (id: string) => {
    const cell = cells.get(id) ?? createCell<Draft | undefined>(read(storage, prefix + id));
    cells.set(id, cell);
    return cell;
  };
  return {
    observe: cellOf,
    get: (id) => cellOf(id).get(),
    set(id, draft) {
      cellOf(id).set(draft);
      keep(storage, prefix + id, draft);
    },
  };
}

function read(storage: DraftStorage | undefined, key: string): Draft | undefined {
  try {
    const text = storage?.getItem(key);
    return text ? (JSON.parse(text) as Draft) : undefined;
  } catch {
    return undefined;
  }
}

function keep(storage: DraftStorage | undefined, key: string, draft: Draft | undefined): void {
  try {
    if (draft) storage?.setItem(key, JSON.stringify(draft));
    else storage?.removeItem(key);
  } catch {
    // The copy in memory is enough to go on with.
  }
}
