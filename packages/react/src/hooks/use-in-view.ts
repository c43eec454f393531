"use client";
import { type RefObject, useEffect, useRef } from "react";

/** Calls `onInView` whenever the element scrolls into view; the latest one counts. */
export function useInView<T extends Element>(onInView: () => void): RefObject<T | null> {
  const ref = useRef<T>(null);
  const latest = useRef(onInView);
  latest.current = onInView;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) latest.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return ref;
}
