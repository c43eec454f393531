"use client";
import type { Json } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { FoldedText } from "../text/folded-text.tsx";

/** A JSON value as indented text, cut when long. Renders a `<pre>` element. */
export function JsonText({ value }: { value: Json }): ReactElement {
  const slot = useSlots();
  return (
    <pre className={slot(["code", "run-json"])}>
      <FoldedText text={JSON.stringify(value, null, 2)} maxLines={20} />
    </pre>
  );
}
