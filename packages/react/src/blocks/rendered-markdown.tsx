"use client";
import { type ReactElement, type ReactNode, useMemo } from "react";
import Markdown, { type Components } from "react-markdown";
import { type Slots, useSlots } from "../look/slots.ts";
import { visibleText } from "../text/visible-text.ts";
import { ImageView } from "./image-view.tsx";
import { LinkView } from "./link-view.tsx";

/** Draws markdown; loaded when the first markdown block is shown. */
export default function RenderedMarkdown({ text }: { text: string }): ReactElement {
  const slot = useSlots();
  const components = useMemo(() => markdownComponents(slot), [slot]);
  return <Markdown components={components}>{visibleText(text)}</Markdown>;
}

/**
 * Links say where they lead and images load on request, as everywhere in untrusted content. HTML has no meaning here: it
 * is shown as the text it is, so that nothing is kept from the reviewer.
 */
function markdownComponents(slot: Slots): Components {
  const heading = ({ children }: { children?: ReactNode }) => <h4 className={slot("markdown-heading")}>{children}</h4>;
  return {
    a: ({ href = "", children }) => <LinkView url={href} label={plainText(children) || href} />,
    img: ({ src, alt = "" }) => <ImageView url={typeof src === "string" ? src : ""} alt={alt} />,
    h1: heading,
    h2: heading,
    h3: heading,
    h4: heading,
    h5: heading,
    h6: heading,
    p: ({ children }) => <p className={slot("markdown-block")}>{children}</p>,
    ul: ({ children }) => <ul className={slot("markdown-list")}>{children}</ul>,
    ol: ({ children, start }) => (
      <ol className={slot("markdown-list")} start={start}>
        {children}
      </ol>
    ),
    blockquote: ({ children }) => <blockquote className={slot("markdown-quote")}>{children}</blockquote>,
    pre: ({ children }) => <pre className={slot(["panel", "code"])}>{children}</pre>,
    code: ({ children }) => <code className={slot("inline-code")}>{children}</code>,
  };
}

function plainText(node: ReactNode): string {
  if (typeof node === "string") return node;
  return Array.isArray(node) ? node.map(plainText).join("") : "";
}
