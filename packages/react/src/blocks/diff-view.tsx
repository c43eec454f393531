"use client";
import { lazy, type ReactElement, Suspense } from "react";
import { useSlots } from "../look/slots.ts";
import { visibleText } from "../text/visible-text.ts";
import { BlockBoundary } from "./block-boundary.tsx";
import { DiffLines, wholeLines } from "./diff-lines.tsx";

const ComparedLines = lazy(() => import("./compared-lines.tsx"));

/** Props of {@link DiffView}. */
export interface DiffViewProps {
  before: string;
  after: string;
}

/**
 * What differs between two texts, line by line; until the comparison is loaded, one text below the other. Renders a
 * `<div>` element.
 */
export function DiffView({ before, after }: DiffViewProps): ReactElement {
  const slot = useSlots();
  const texts = { before: visibleText(before), after: visibleText(after) };
  const plain = <DiffLines lines={[...wholeLines(texts.before, "removed"), ...wholeLines(texts.after, "added")]} />;
  return (
    <div className={slot("diff")}>
      <BlockBoundary fallback={plain}>
        <Suspense fallback={plain}>
          <ComparedLines {...texts} />
        </Suspense>
      </BlockBoundary>
    </div>
  );
}
