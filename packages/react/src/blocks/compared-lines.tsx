"use client";
import { type ReactElement, useMemo, useState } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { type DiffLine, DiffLines } from "./diff-lines.tsx";
import { diffRows } from "./diff-rows.ts";
import type { DiffViewProps } from "./diff-view.tsx";

/** Two texts compared by line and word; loaded when the first diff is shown. */
export default function ComparedLines({ before, after }: DiffViewProps): ReactElement {
  const rows = useMemo(() => diffRows(before, after), [before, after]);
  return (
    <>
      {rows.map((row, i) => {
        const Row = row.kind === "fold" ? Fold : DiffLines;
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        return <Row key={i} lines={row.kind === "fold" ? row.lines : [row]} />;
      })}
    </>
  );
}

function Fold({ lines }: { lines: DiffLine[] }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const [open, setOpen] = useState(false);
  if (open) return <DiffLines lines={lines} />;
  return (
    <button type="button" className={slot("diff-fold")} onClick={() => setOpen(true)}>
      {t("diff.unchanged", { lines: lines.length })}
    </button>
  );
}
