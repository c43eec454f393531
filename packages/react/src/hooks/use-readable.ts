"use client";
import type { Readable } from "@holdpoint/client";
import { useCallback, useSyncExternalStore } from "react";

/** The value of something that changes; the component renders again when it does. */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  const read = () => readable.get();
  return useSyncExternalStore(subscribe, read, read);
}
