"use client";
import type { ComponentProps, ReactElement } from "react";
import { ContentBlockView } from "../blocks/content-block-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useCard } from "./card-context.ts";

/** What helps to decide, block by block. Renders a `<div>` element. */
export function CardContent({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  if (approval.content.length === 0) return null;
  return (
    <div {...rest} className={slot("content", className)}>
      {approval.content.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks never move within a revision
        <ContentBlockView key={`${approval.revision} ${i}`} block={block} />
      ))}
    </div>
  );
}
