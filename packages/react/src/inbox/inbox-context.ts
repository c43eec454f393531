"use client";
import type { Approval } from "@holdpoint/core";
import { createContext, useContext } from "react";
import type { UseApprovals } from "../hooks/use-approvals.ts";
import type { InboxFilter } from "./inbox-filter.ts";

/** What the parts of an inbox share. */
export interface InboxContextValue {
  filter: InboxFilter;
  setFilter: (filter: InboxFilter) => void;
  /** The words searched for, as typed. */
  words: string;
  setWords: (words: string) => void;
  list: UseApprovals;
  /** The approval in the detail pane. */
  openId?: string;
  /** Brings in what is new and gives the focus to the list, since the button for it goes away. */
  showNew: () => void;
  /** Opens an approval; from the keyboard the focus goes with it. */
  open: (id: string, how?: { moveFocus: boolean }) => void;
  /** Closes the detail pane and gives the focus back to its row. */
  close: () => void;
  /** The row that Tab reaches. */
  rowId?: string;
  /** Moves the focus to a row. */
  moveTo: (approval: Approval) => void;
  /** True once after the focus was sent to `target`. */
  takeFocus: (target: "row" | "detail") => boolean;
}

/** The inbox around a part. */
export const InboxContext = createContext<InboxContextValue | undefined>(undefined);

/**
 * What the inbox around knows, for parts of one's own.
 *
 * @throws {Error} outside an inbox
 */
export function useInbox(): InboxContextValue {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error("This part belongs inside an <ApprovalInbox>.");
  return inbox;
}
