"use client";
import { useCallback, useSyncExternalStore } from "react";
import { useLook } from "../look/look-context.ts";
import { useOptionalStore } from "./store-context.ts";
import { createTicker, tickStep } from "./ticker.ts";

/** One for the page: what shows time anywhere is woken by the same timer. */
const ticker = createTicker();

/** The clock to show times by: the look's, the server's as far as it is known, or this machine's. */
function useClock(): () => number {
  const look = useLook();
  const store = useOptionalStore();
  return look.now ?? (store ? () => store.now() : Date.now);
}

/** The time now in ms since the epoch, renewed each half minute. */
export function useNow(): number {
  return useSteppedNow(Number.POSITIVE_INFINITY);
}

/** The time now, in steps that suit a deadline: half a minute, a second in its last minute. */
export function useSteppedNow(deadlineMs: number): number {
  const clock = useClock();
  const subscribe = useCallback((listener: () => void) => ticker.subscribe(deadlineMs, listener), [deadlineMs]);
  const read = () => {
    const now = clock();
    const step = tickStep(deadlineMs - now);
    return Math.floor(now / step) * step;
  };
  return useSyncExternalStore(subscribe, read, read);
}
