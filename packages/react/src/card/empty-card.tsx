"use client";
import { type ComponentPropsWithoutRef, forwardRef, type RefObject, useEffect, useRef } from "react";
import type { ApprovalHandle } from "../hooks/use-approval.ts";
import { useDraft } from "../hooks/use-draft.ts";
import { useRootProps } from "../look/root-props.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import type { CardVariant } from "./card-context.ts";
import type { CardState } from "./card-state.ts";
import { UnsentText } from "./unsent-draft.tsx";
import { trackFocus } from "./use-own-focus.ts";

/** Props of {@link EmptyCard}. */
export interface EmptyCardProps extends ComponentPropsWithoutRef<"article"> {
  approvalId: string;
  handle: ApprovalHandle;
  variant?: CardVariant;
  /** Whether the card that was here had the focus. */
  hasFocus: RefObject<boolean>;
}

/**
 * A card whose approval is not there: yet, at all, or any more, with what the viewer had written about it. Renders an
 * `<article>` element.
 */
export const EmptyCard = forwardRef<HTMLElement, EmptyCardProps>(function EmptyCard(props, ref) {
  const { approvalId, handle, variant = "card", hasFocus, className, children: _, ...others } = props;
  const { onFocusCapture, onBlurCapture, ...rest } = others;
  const slot = useSlots();
  const t = useMessages();
  const [draft, updateDraft] = useDraft(approvalId);
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    if (hasFocus.current && (!activeElement || activeElement === body)) text.current?.focus();
  });
  const state = emptyState(handle);
  return (
    <article
      {...useRootProps()}
      {...rest}
      {...trackFocus(hasFocus, { onFocusCapture, onBlurCapture })}
      ref={ref}
      className={slot(["root", "card"], className)}
      data-variant={variant}
      data-state={state}
      aria-busy={state === "loading" || undefined}
    >
      <p ref={text} tabIndex={-1} className={slot("empty")} role={state === "error" ? "alert" : undefined}>
        {state === "loading" && t("card.loading")}
        {state === "not_found" && t("card.notFound")}
        {state === "error" && t("card.failed", { message: handle.error?.message ?? "" })}
      </p>
      {state === "not_found" && <UnsentText draft={draft} onDiscard={() => updateDraft(undefined)} />}
    </article>
  );
});

function emptyState({ status, error }: ApprovalHandle): CardState {
  if (status === "loading") return "loading";
  return error && error.code !== "not_found" ? "error" : "not_found";
}
