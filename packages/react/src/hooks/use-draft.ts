"use client";
import { createDrafts, type Draft } from "@holdpoint/client";
import { useCallback, useMemo, useState } from "react";
import { useOptionalStore } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** A draft, and how to change it: the given fields replace theirs, undefined discards the draft. */
export type UseDraft = readonly [draft: Draft, update: (change: Draft | undefined) => void];

const noDraft: Draft = {};

/**
 * What the viewer has written about an approval and not sent. Under a provider it outlives reconnects and reloads,
 * otherwise the component.
 */
export function useDraft(approvalId: string): UseDraft {
  const store = useOptionalStore();
  const [own] = useState(() => createDrafts());
  const drafts = store?.drafts ?? own;
  const draft = useReadable(useMemo(() => drafts.observe(approvalId), [drafts, approvalId])) ?? noDraft;
  const update = useCallback(
    (change: Draft | undefined) => drafts.set(approvalId, change && { ...drafts.get(approvalId), ...change }),
    [drafts, approvalId],
  );
  return [draft, update];
}
