"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { FoldedText } from "../text/folded-text.tsx";
import { useCard } from "./card-context.ts";

/** The agent's own words, set apart and labelled as such. Renders a `<div>` element. */
export function CardMessage({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  const t = useMessages();
  if (!approval.message) return null;
  return (
    <div {...rest} className={slot("agent", className)}>
      <span className={slot("agent-label")}>{t("card.agentMessage")}</span>
      <FoldedText text={approval.message} maxLines={12} prose />
    </div>
  );
}
