"use client";
import type { Connection } from "@holdpoint/client";
import { useCallback } from "react";
import { useStore } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** What the line to the server is doing, and a way to try again at once. */
export interface UseConnection extends Connection {
  retry: () => void;
}

/** What the line to the server is doing. */
export function useConnection(): UseConnection {
  const store = useStore();
  const retry = useCallback(() => store.retry(), [store]);
  return { ...useReadable(store.connection), retry };
}
