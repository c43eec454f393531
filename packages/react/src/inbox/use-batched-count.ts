"use client";
import { useEffect, useRef, useState } from "react";

/** The least time between two announcements, ms. */
const quietMs = 5_000;

/** A growing count as it is read out: what comes within five seconds of the last announcement goes into the next one. */
export function useBatchedCount(count: number): number {
  const [announced, setAnnounced] = useState(0);
  const quietUntil = useRef(0);
  useEffect(() => {
    if (count === 0) {
      setAnnounced(0);
      return;
    }
    const timer = setTimeout(
      () => {
        quietUntil.current = performance.now() + quietMs;
        setAnnounced(count);
      },
      Math.max(0, quietUntil.current - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [count]);
  return announced;
}
