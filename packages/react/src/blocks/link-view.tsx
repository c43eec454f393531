"use client";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { safeUrl } from "../text/safe-url.ts";

/** Props of {@link LinkView}. */
export interface LinkViewProps {
  url: string;
  label: string;
}

/** A link that says where it leads, whatever its label claims. Renders a `<span>` element. */
export function LinkView({ url, label }: LinkViewProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const safe = safeUrl(url);
  return (
    <span>
      {safe ? (
        <a className={slot("link")} href={safe.href} target="_blank" rel="noopener noreferrer">
          <AgentText>{label}</AgentText>
        </a>
      ) : (
        <AgentText>{label}</AgentText>
      )}{" "}
      <span className={slot("status")}>{safe ? safe.host : t("block.unsafeLink")}</span>
    </span>
  );
}
