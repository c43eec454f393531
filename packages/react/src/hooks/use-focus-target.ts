"use client";
import { useRef, useState } from "react";

/** Where the focus goes next: said by whoever changes what is shown, taken by what appears. */
export interface FocusTarget<T extends string> {
  /** Undefined sends it nowhere. */
  send: (target: T | undefined) => void;
  /** True once for the target that the focus was sent to. */
  take: (target: T) => boolean;
}

/** A place to leave word about the focus. */
export function useFocusTarget<T extends string>(): FocusTarget<T> {
  const next = useRef<T>(undefined);
  const [target] = useState<FocusTarget<T>>(() => ({
    send: (to) => {
      next.current = to;
    },
    take: (to) => {
      const due = next.current === to;
      if (due) next.current = undefined;
      return due;
    },
  }));
  return target;
}
