"use client";
import { type RefObject, useEffect, useRef } from "react";

/**
 * Calls `onInView` whenever the element scrolls into view; the latest one counts. Also when it is in view still, or again,
 * after `content` has changed.
 */
export function useInView<T extends Element>(onInView: () => void, content: unknown): RefObject<T | null> {
  const ref = useRef<T>(null);
  const latest = useRef(onInView);
  latest.current = onInView;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an observer says first whether the element is in view now
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) latest.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [content]);
  return ref;
}
