"use client";
import { type ReactElement, useState } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { safeUrl } from "../text/safe-url.ts";
import { visibleText } from "../text/visible-text.ts";
import { LinkView } from "./link-view.tsx";

/** Props of {@link ImageView}. */
export interface ImageViewProps {
  url: string;
  alt: string;
}

/** A remote image, loaded only when asked for: fetching it tells its host that somebody looks. */
export function ImageView({ url, alt }: ImageViewProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const [shown, setShown] = useState(false);
  const safe = safeUrl(url);
  if (!safe) return <LinkView url={url} label={alt} />;
  if (shown)
    return <img className={slot("image")} src={safe.href} alt={visibleText(alt)} referrerPolicy="no-referrer" />;
  return (
    <span className={slot(["panel", "image-offer"])}>
      <AgentText>{alt}</AgentText>{" "}
      <button type="button" className={slot("text-button")} onClick={() => setShown(true)}>
        {t("block.showImage")}
      </button>{" "}
      <span className={slot("status")}>{t("block.imageHost", { host: safe.host })}</span>
    </span>
  );
}
