"use client";
import type { Json } from "@holdpoint/core";
import { type ReactElement, useState } from "react";
import { ArgumentsView } from "../arguments/arguments-view.tsx";
import { BlockBoundary } from "../blocks/block-boundary.tsx";
import { JsonView } from "../blocks/code-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** Props of {@link RunValue}. */
export interface RunValueProps {
  value: Json;
}

/** What a run or step was given or returned, as a person reads it, with a raw view. Renders a `<div>` element. */
export function RunValue({ value }: RunValueProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const [raw, setRaw] = useState(false);
  return (
    <div className={slot("run-value")}>
      <BlockBoundary fallback={<JsonView value={value} />}>
        {raw ? <JsonView value={value} /> : <ArgumentsView args={value} />}
      </BlockBoundary>
      <button type="button" className={slot("text-button")} aria-pressed={raw} onClick={() => setRaw(!raw)}>
        {t("argument.raw")}
      </button>
    </div>
  );
}
