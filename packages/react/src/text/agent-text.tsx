"use client";
import { Fragment, type ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { textPieces } from "./visible-text.ts";

/** Props of {@link AgentText}. */
export interface AgentTextProps {
  children: string;
}

/**
 * Untrusted text, shown as text: isolated from the direction of what surrounds it, with hidden characters marked.
 * Renders a `<bdi>` element.
 */
export function AgentText({ children }: AgentTextProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <bdi className={slot("text")}>
      {textPieces(children).map((piece, i) =>
        "text" in piece ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <Fragment key={i}>{piece.text}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <span key={i} className={slot("hidden-character")} title={t("text.hiddenLabel")}>
            {piece.hidden}
          </span>
        ),
      )}
    </bdi>
  );
}
