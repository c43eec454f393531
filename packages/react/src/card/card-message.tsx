"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { personName } from "../person/person-name.ts";
import { FoldedText } from "../text/folded-text.tsx";
import { useCard } from "./card-context.ts";

/** The words of the agent or the person who asked, set apart and labelled as theirs. Renders a `<div>` element. */
export function CardMessage({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  const t = useMessages();
  const { message, requestedBy } = approval;
  if (!message) return null;
  return (
    <div {...rest} className={slot("agent", className)}>
      <span className={slot("agent-label")}>
        {requestedBy?.kind === "user"
          ? t("card.personMessage", { name: personName(requestedBy) })
          : t("card.agentMessage")}
      </span>
      <FoldedText text={message} maxLines={12} prose />
    </div>
  );
}
