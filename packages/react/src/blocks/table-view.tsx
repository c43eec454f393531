"use client";
import type { Json } from "@holdpoint/core";
import type { ReactElement } from "react";
import { argumentValue } from "../arguments/argument-value.ts";
import { ArgumentValueView } from "../arguments/argument-value-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { useFold } from "../text/folds.ts";
import { UnfoldButton } from "../text/unfold-button.tsx";

/** Props of {@link TableView}. */
export interface TableViewProps {
  columns: string[];
  rows: Json[][];
}

const rowsAtFirst = 20;

/** Rows and columns; scrolls sideways where it is too wide. Renders a `<div>` element around a `<table>`. */
export function TableView({ columns, rows }: TableViewProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const { folded, unfold } = useFold(Math.max(0, rows.length - rowsAtFirst));
  const label = t("block.rowsLabel", { rows: rows.length });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={slot("panel")} aria-label={label} tabIndex={0}>
      <table className={slot("table")}>
        {columns.some((column) => column !== "") && (
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className={slot("table-head")}>
                  <AgentText>{column}</AgentText>
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {(folded ? rows.slice(0, rowsAtFirst) : rows).map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <Row key={i} row={row} />
          ))}
        </tbody>
      </table>
      {folded && <UnfoldButton hiddenLines={rows.length - rowsAtFirst} onUnfold={unfold} />}
    </section>
  );
}

function Row({ row }: { row: Json[] }): ReactElement {
  const slot = useSlots();
  return (
    <tr className={slot("table-row")}>
      {row.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their column
        <td key={i} className={slot("table-cell")}>
          <ArgumentValueView value={argumentValue(cell)} />
        </td>
      ))}
    </tr>
  );
}
