"use client";
import { type ComponentProps, type RefObject, useEffect, useRef } from "react";
import { useCard } from "./card-context.ts";

/**
 * For an element that says what became of the approval. It takes the focus after the viewer's own response, unless the
 * viewer has gone on to something else on the page meanwhile, and when the part of the card that had it went away.
 */
export function useOwnFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  const { takeFocus, hasFocus, cardRef } = useCard();
  useEffect(() => {
    if (!ref.current) return;
    const { activeElement, body } = ref.current.ownerDocument;
    const isNowhere = !activeElement || activeElement === body;
    const isDue = takeFocus("outcome") && (isNowhere || cardRef.current?.contains(activeElement));
    if (isDue || (isNowhere && hasFocus.current)) ref.current.focus();
  });
  return ref;
}

type FocusHandlers = Pick<ComponentProps<"article">, "onFocusCapture" | "onBlurCapture">;

/**
 * Handlers for the card's root that keep `hasFocus`, and call the host's own. React tells nobody of the blur of what it
 * removes, so that what is lost that way counts as held.
 */
export function trackFocus(
  hasFocus: RefObject<boolean>,
  { onFocusCapture, onBlurCapture }: FocusHandlers,
): FocusHandlers {
  return {
    onFocusCapture(event) {
      hasFocus.current = true;
      onFocusCapture?.(event);
    },
    onBlurCapture(event) {
      // A window that goes to the back keeps its focus for when it comes back.
      hasFocus.current = event.target.ownerDocument.activeElement === event.target;
      onBlurCapture?.(event);
    },
  };
}
