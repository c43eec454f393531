"use client";
import { useState } from "react";
import { useApprovals } from "../hooks/use-approvals.ts";
import { useFocusTarget } from "../hooks/use-focus-target.ts";
import { useSettled } from "../hooks/use-settled.ts";
import type { InboxContextValue } from "./inbox-context.ts";
import { type InboxFilter, listFilterOf } from "./inbox-filter.ts";

/** What an inbox starts out with, and what it tells its host. */
export interface InboxModelInput {
  defaultFilter?: InboxFilter;
  /** With it the host decides what is open. */
  openId?: string | null;
  defaultOpenId?: string;
  onOpenChange?: (id: string | undefined) => void;
}

/** How long typing has to rest before it is searched for, ms. */
const searchRestMs = 250;

/** What the parts of one inbox share: the filter, the list, which row has the focus and which approval is open. */
export function useInboxModel(input: InboxModelInput): InboxContextValue {
  const [filter, setFilter] = useState<InboxFilter>(input.defaultFilter ?? "pending");
  const [words, setWords] = useState("");
  const [ownOpenId, setOwnOpenId] = useState(input.defaultOpenId);
  const [focusedId, setFocusedId] = useState<string>();
  const focus = useFocusTarget<"row" | "detail">();
  const list = useApprovals(listFilterOf(filter, useSettled(words, searchRestMs)));

  const openId = input.openId === undefined ? ownOpenId : (input.openId ?? undefined);
  const known = (id: string | undefined) => (list.items.some((item) => item.id === id) ? id : undefined);
  const rowId = known(focusedId) ?? known(openId) ?? list.items[0]?.id;

  function change(id: string | undefined): void {
    setOwnOpenId(id);
    input.onOpenChange?.(id);
  }

  return {
    filter,
    setFilter,
    words,
    setWords,
    list,
    openId,
    showNew: () => {
      focus.send("row");
      list.showNew();
    },
    open: (id, { moveFocus } = { moveFocus: false }) => {
      setFocusedId(id);
      focus.send(moveFocus ? "detail" : undefined);
      change(id);
    },
    close: () => {
      setFocusedId(openId);
      focus.send("row");
      change(undefined);
    },
    rowId,
    moveTo: (approval) => {
      focus.send("row");
      setFocusedId(approval.id);
    },
    takeFocus: focus.take,
  };
}
