"use client";
import type { ContentBlock, Json } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { FoldedText } from "../text/folded-text.tsx";
import { Section } from "../text/section.tsx";
import { BlockBoundary } from "./block-boundary.tsx";
import { CodeView, JsonView } from "./code-view.tsx";
import { DiffView } from "./diff-view.tsx";
import { EmailView } from "./email-view.tsx";
import { ImageView } from "./image-view.tsx";
import { LinkView } from "./link-view.tsx";
import { MarkdownView } from "./markdown-view.tsx";
import { TableView } from "./table-view.tsx";

/** Props of {@link ContentBlockView}. */
export interface ContentBlockViewProps {
  block: ContentBlock;
}

/** One block of content under its title. What is of an unknown kind, or not as its kind should be, is shown raw. */
export function ContentBlockView({ block }: ContentBlockViewProps): ReactElement {
  return (
    <Section title={block.title && <AgentText>{block.title}</AgentText>}>
      <BlockBoundary fallback={<RawBlock block={block} />}>
        <BlockBody block={block} />
      </BlockBoundary>
    </Section>
  );
}

function BlockBody({ block }: ContentBlockViewProps): ReactElement {
  const slot = useSlots();
  switch (block.type) {
    case "text":
      return (
        <div className={slot("text-block")}>
          <FoldedText text={block.text} maxLines={24} prose />
        </div>
      );
    case "markdown":
      return <MarkdownView text={block.text} />;
    case "email":
      return <EmailView email={block} />;
    case "diff":
      return <DiffView before={block.before} after={block.after} />;
    case "table":
      return <TableView columns={block.columns} rows={block.rows} />;
    case "json":
      return <JsonView value={block.value} />;
    case "code":
      return <CodeView code={block.code} language={block.language} />;
    case "image":
      return <ImageView url={block.url} alt={block.alt} />;
    case "link":
      return <LinkView url={block.url} label={block.label} />;
    default:
      return <RawBlock block={block} />;
  }
}

function RawBlock({ block }: { block: { type: string } }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <>
      <p className={slot("status")}>{t("block.unknown", { type: block.type })}</p>
      <JsonView value={block as Json} />
    </>
  );
}
