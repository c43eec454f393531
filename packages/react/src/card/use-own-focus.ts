"use client";
import { type RefObject, useEffect, useRef } from "react";
import { useCard } from "./card-context.ts";

/**
 * For an element that says what became of the viewer's own response: it takes the focus when it appears, unless the
 * viewer has gone on to something else on the page meanwhile.
 */
export function useOwnFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  const { takeFocus, cardRef } = useCard();
  useEffect(() => {
    if (!ref.current || !takeFocus("outcome")) return;
    const active = ref.current.ownerDocument.activeElement;
    if (!active || active === ref.current.ownerDocument.body || cardRef.current?.contains(active)) ref.current.focus();
  });
  return ref;
}
