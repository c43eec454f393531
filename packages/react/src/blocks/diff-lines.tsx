"use client";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** A stretch of a line; `changed` marks the words that differ from the line's counterpart. */
export interface DiffPart {
  text: string;
  changed: boolean;
}

/** One line of a diff. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  parts: DiffPart[];
}

/** The lines of a text, all of one kind and none compared with another. */
export function wholeLines(text: string, kind: DiffLine["kind"]): DiffLine[] {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return lines.map((line) => ({ kind, parts: [{ text: line, changed: false }] }));
}

const marks: Record<DiffLine["kind"], string> = { same: "", added: "+", removed: "−" };

/** Props of {@link DiffLines}. */
export interface DiffLinesProps {
  lines: DiffLine[];
}

/** Lines of a diff, one below the other. */
export function DiffLines({ lines }: DiffLinesProps): ReactElement {
  return (
    <>
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <LineView key={i} line={line} />
      ))}
    </>
  );
}

function LineView({ line }: { line: DiffLine }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <div className={slot("diff-line")} data-change={line.kind}>
      <span className={slot("diff-mark")} aria-hidden="true">
        {marks[line.kind]}
      </span>
      {line.kind !== "same" && <span className={slot("hidden")}>{t(`diff.${line.kind}`)} </span>}
      <span className={slot("diff-text")}>
        {line.parts.map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
          <span key={i} className={slot("diff-part")} data-changed={part.changed || undefined}>
            {part.text}
          </span>
        ))}
      </span>
    </div>
  );
}
