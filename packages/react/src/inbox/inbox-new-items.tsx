"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useInbox } from "./inbox-context.ts";
import { useBatchedCount } from "./use-batched-count.ts";

/** Brings in what has arrived and gives the focus to the list; nothing moves the list before it is pressed. Renders a `<button>` element, or nothing. */
export function InboxNewItems({ className, ...rest }: ComponentProps<"button">): ReactElement {
  const { list, showNew } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  const announced = useBatchedCount(list.newCount);
  return (
    <>
      {list.newCount > 0 && (
        <button {...rest} type="button" className={slot("new-items", className)} onClick={showNew}>
          {t("inbox.newItems", { count: list.newCount })}
        </button>
      )}
      <span role="status" className={slot("hidden")}>
        {announced > 0 && t("announce.newItems", { count: announced })}
      </span>
    </>
  );
}
