"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useInbox } from "./inbox-context.ts";

/** Shown until the list is there. Renders a `<div>` element. */
export function InboxLoading({ className, children, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { list } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  if (list.status !== "loading") return null;
  return (
    <div {...rest} className={slot("inbox-state", className)} aria-busy="true">
      {children ?? t("inbox.loading")}
    </div>
  );
}

/** Shown when the list could not be read, with a way to try again. Renders a `<div>` element. */
export function InboxError({ className, children, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { list } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  if (list.status !== "error") return null;
  return (
    <div {...rest} className={slot("inbox-state", className)} role="alert">
      {children ?? (
        <>
          <p className={slot("notice-text")}>{t("inbox.error", { message: list.error?.message ?? "" })}</p>
          <button type="button" className={slot("button")} onClick={list.refetch}>
            {t("action.retry")}
          </button>
        </>
      )}
    </div>
  );
}

/** Shown when nothing matches. Renders a `<div>` element. */
export function InboxEmpty({ className, children, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { list, filter, words } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  if (list.status !== "ready" || list.items.length > 0) return null;
  const nothingAtAll = filter === "pending" && words.trim() === "";
  return (
    <div {...rest} className={slot("inbox-state", className)}>
      {children ?? (
        <>
          <p className={slot("empty-title")}>{t(nothingAtAll ? "inbox.empty" : "inbox.noMatches")}</p>
          {nothingAtAll && <p className={slot("notice-text")}>{t("inbox.emptyHint")}</p>}
        </>
      )}
    </div>
  );
}
