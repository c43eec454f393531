"use client";
import { type ForwardedRef, type RefObject, useCallback } from "react";

/** A ref that sets our own and the caller's. */
export function useMergedRef<T>(own: RefObject<T | null>, given: ForwardedRef<T>): (element: T | null) => void {
  return useCallback(
    (element: T | null) => {
      own.current = element;
      if (typeof given === "function") given(element);
      else if (given) given.current = element;
    },
    [own, given],
  );
}
