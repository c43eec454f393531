"use client";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { visibleText } from "../text/visible-text.ts";
import { useCard } from "./card-context.ts";

/** Says aloud that the open approval has ended by somebody else's doing. Renders a visually hidden `<div>` element. */
export function CardEnding(): ReactElement {
  const { approval, submitting } = useCard();
  const slot = useSlots();
  const t = useMessages();
  const before = useRef({ id: approval.id, status: approval.status, submitting: false });
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const { id, status, submitting: own } = before.current;
    const same = id === approval.id;
    if (!same) setEnded(false);
    if (same && status === "pending" && approval.status !== "pending" && !own) setEnded(true);
    before.current = { id: approval.id, status: approval.status, submitting: submitting !== undefined };
  }, [approval.id, approval.status, submitting]);
  return (
    <div className={slot("hidden")} role="alert">
      {ended && t("announce.ended", { title: visibleText(approval.title), status: approval.status })}
    </div>
  );
}
