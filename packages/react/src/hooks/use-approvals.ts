"use client";
import type { ListFilter, ListSnapshot } from "@holdpoint/client";
import { useMemo } from "react";
import { useStore } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** A list as it is shown, and what can be done with it. */
export interface UseApprovals extends ListSnapshot {
  /** Loads the next page. */
  fetchMore: () => void;
  /** Brings in what is new, in order, and lets go of what doesn't match any more. */
  showNew: () => void;
  /** Reads the list again from its start. */
  refetch: () => void;
}

/** The approvals that match `filter`, kept current. What is new waits in `newCount` until `showNew`. */
export function useApprovals(filter?: ListFilter): UseApprovals {
  const store = useStore();
  const key = JSON.stringify(filter ?? {});
  const list = useMemo(() => store.observeList(JSON.parse(key) as ListFilter), [store, key]);
  const actions = useMemo(
    () => ({
      fetchMore: () => void list.fetchMore(),
      showNew: () => list.showNew(),
      refetch: () => void list.refetch(),
    }),
    [list],
  );
  return { ...useReadable(list), ...actions };
}
