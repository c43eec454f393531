"use client";
import { type ComponentProps, type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import { ApprovalCard } from "../card/approval-card.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { visibleText } from "../text/visible-text.ts";
import { useInbox } from "./inbox-context.ts";

/** The open approval; Escape goes back to its row. Renders a `<section>` element. */
export function InboxDetail({ className, children, ...rest }: ComponentProps<"section">): ReactElement {
  const { list, openId, close, takeFocus } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (openId && (takeFocus("detail") || isFocusHidden())) ref.current?.focus();
  });
  const title = list.items.find((item) => item.id === openId)?.title;
  const leave = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && openId && !isWriting(event.target)) close();
  };
  return (
    <section
      aria-label={title ? visibleText(title) : t("inbox.detailLabel")}
      {...rest}
      ref={ref}
      className={slot("inbox-detail", className)}
      tabIndex={-1}
      onKeyDown={leave}
    >
      {openId && (
        <button type="button" className={slot(["text-button", "back"])} onClick={close}>
          {t("inbox.back")}
        </button>
      )}
      {openId
        ? (children ?? <ApprovalCard key={openId} approvalId={openId} variant="detail" />)
        : list.items.length > 0 && <p className={slot("inbox-state")}>{t("inbox.choose")}</p>}
    </section>
  );
}

/** Whether what has the focus is not drawn any more, as the row that was opened where there is room for one pane only. */
function isFocusHidden(): boolean {
  const active = document.activeElement;
  return active?.getAttribute("role") === "option" && active.getClientRects().length === 0;
}

/** Escape in a field is for the field. */
function isWriting(target: EventTarget): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
