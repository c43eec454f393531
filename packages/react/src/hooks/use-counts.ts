"use client";
import type { Counts } from "@holdpoint/core";
import { useStore } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** Badge counts for the viewer; undefined until known. */
export function useCounts(): Counts | undefined {
  return useReadable(useStore().counts);
}
