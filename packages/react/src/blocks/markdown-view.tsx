"use client";
import { lazy, type ReactElement, Suspense } from "react";
import { useSlots } from "../look/slots.ts";
import { AgentText } from "../text/agent-text.tsx";

const RenderedMarkdown = lazy(() => import("./rendered-markdown.tsx"));

/** Props of {@link MarkdownView}. */
export interface MarkdownViewProps {
  text: string;
}

/** Markdown, drawn as React nodes and never as HTML; the plain text until its renderer has loaded. */
export function MarkdownView({ text }: MarkdownViewProps): ReactElement {
  const slot = useSlots();
  return (
    <div className={slot("markdown")}>
      <Suspense fallback={<AgentText>{text}</AgentText>}>
        <RenderedMarkdown text={text} />
      </Suspense>
    </div>
  );
}
