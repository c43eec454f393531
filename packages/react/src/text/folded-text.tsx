"use client";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { AgentText } from "./agent-text.tsx";
import { foldText } from "./fold-text.ts";
import { useFold } from "./folds.ts";
import { UnfoldButton } from "./unfold-button.tsx";

/** Props of {@link FoldedText}. */
export interface FoldedTextProps {
  text: string;
  /** Lines shown at first. */
  maxLines: number;
  /** Whether an empty line is a gap between paragraphs rather than a line. */
  prose?: boolean;
}

/** Untrusted text that is cut when long, with a button that shows the rest. */
export function FoldedText({ text, maxLines, prose = false }: FoldedTextProps): ReactElement {
  const { shown, hiddenLines } = foldText(text, maxLines);
  const { folded, unfold } = useFold(hiddenLines);
  const visible = folded ? shown : text;
  return (
    <>
      {prose ? <Paragraphs text={visible} /> : <AgentText>{visible}</AgentText>}
      {folded && <UnfoldButton hiddenLines={hiddenLines} onUnfold={unfold} />}
    </>
  );
}

function Paragraphs({ text }: { text: string }): ReactElement {
  const slot = useSlots();
  return (
    <>
      {text.split(/\n[^\S\n]*\n/).map((paragraph, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no identity but their place
        <span key={i} className={slot("paragraph")}>
          <AgentText>{paragraph}</AgentText>
        </span>
      ))}
    </>
  );
}
