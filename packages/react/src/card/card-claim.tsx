"use client";
import { type ComponentProps, type ReactElement, type RefObject, useEffect, useId, useRef } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useCard } from "./card-context.ts";
import { ClaimNote } from "./claim-note.tsx";
import { useClaiming } from "./use-claiming.ts";

/**
 * Who has claimed the approval, until when, and a button for the viewer to claim it or let it go. Others can still decide.
 * Renders a `<span>` element, or nothing.
 */
export function CardClaim({ className, ...rest }: ComponentProps<"span">): ReactElement | null {
  const { state } = useCard();
  const { claim, act, busy, error } = useClaiming();
  const slot = useSlots();
  const t = useMessages();
  const noteId = useId();
  const ref = useFocusKept(act !== undefined);
  if (!claim && !act) return null;
  return (
    <span
      {...rest}
      ref={ref}
      className={slot("claim", className)}
      data-claim={claim && (claim.own ? "own" : "other")}
      tabIndex={-1}
    >
      {claim && <ClaimNote id={noteId} claim={claim} />}
      {act && (
        <button
          type="button"
          className={slot("text-button")}
          aria-describedby={claim && noteId}
          aria-disabled={busy || state === "offline" || undefined}
          aria-busy={busy || undefined}
          onClick={act}
        >
          {t(claim ? "action.release" : "action.claim")}
        </button>
      )}
      {error && (
        <span className={slot("claim-error")} role="alert">
          {t("claim.failed", error)}
        </span>
      )}
    </span>
  );
}

/** Takes over the focus of a button that goes away under it. */
function useFocusKept(hasButton: boolean): RefObject<HTMLSpanElement | null> {
  const ref = useRef<HTMLSpanElement>(null);
  const { hasFocus } = useCard();
  const had = useRef(hasButton);
  useEffect(() => {
    const document = ref.current?.ownerDocument;
    const isNowhere = document?.activeElement === document?.body;
    if (had.current && !hasButton && isNowhere && hasFocus.current) ref.current?.focus();
    had.current = hasButton;
  });
  return ref;
}
