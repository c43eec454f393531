"use client";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type RefObject, useCallback } from "react";
import { useSlots } from "../look/slots.ts";
import { useInbox } from "./inbox-context.ts";
import { InboxItem } from "./inbox-item.tsx";

/** Props of {@link VirtualRows}. */
export interface VirtualRowsProps {
  /** What scrolls. */
  scroller: RefObject<HTMLElement | null>;
}

/** Height of a row before it was measured, px. */
const guessedHeight = 66;

/**
 * The rows in view, and the one that has the focus wherever it is; loaded when the first long list is shown. Renders a
 * `<div>` element as tall as all rows.
 */
export default function VirtualRows({ scroller }: VirtualRowsProps): ReactElement {
  const { list, rowId } = useInbox();
  const slot = useSlots();
  const focused = list.items.findIndex((item) => item.id === rowId);
  const rangeExtractor = useCallback(
    (range: Range) =>
      [...new Set([focused, ...defaultRangeExtractor(range)])].filter((i) => i >= 0).sort((a, b) => a - b),
    [focused],
  );
  const virtualizer = useVirtualizer({
    count: list.items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => guessedHeight,
    getItemKey: (index) => list.items[index]?.id ?? index,
    overscan: 8,
    rangeExtractor,
  });
  return (
    <div role="presentation" className={slot("rows")} style={{ blockSize: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const approval = list.items[index];
        return (
          approval && (
            <div
              key={key}
              ref={virtualizer.measureElement}
              role="presentation"
              className={slot("virtual-row")}
              data-index={index}
              style={{ transform: `translateY(${start}px)` }}
            >
              <InboxItem approval={approval} position={index + 1} />
            </div>
          )
        );
      })}
    </div>
  );
}
