"use client";
import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** Props of {@link ActionButton}. */
export interface ActionButtonProps extends ComponentPropsWithoutRef<"button"> {
  tone?: "plain" | "primary" | "danger";
  /** Its own response is under way. */
  busy?: boolean;
  /** It can't be pressed now. It keeps the focus: it is `aria-disabled`, never `disabled`. */
  unavailable?: boolean;
}

/** A button of a card. Renders a `<button>` element. */
export const ActionButton = forwardRef<HTMLButtonElement, ActionButtonProps>(function ActionButton(props, ref) {
  const { tone = "plain", busy, unavailable, className, children, onClick, type = "button", ...rest } = props;
  const slot = useSlots();
  const t = useMessages();
  return (
    <button
      {...rest}
      ref={ref}
      type={type}
      className={slot("button", className)}
      data-tone={tone}
      aria-disabled={unavailable || busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (unavailable || busy ? event.preventDefault() : onClick?.(event))}
    >
      {busy ? t("action.submitting") : children}
    </button>
  );
});
