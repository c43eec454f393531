"use client";
import type { Json } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { FoldedText } from "../text/folded-text.tsx";

/** Props of {@link CodeView}. */
export interface CodeViewProps {
  code: string;
  language?: string;
}

/** Preformatted text. Renders a `<pre>` element. */
export function CodeView({ code, language }: CodeViewProps): ReactElement {
  const slot = useSlots();
  return (
    <pre className={slot(["panel", "code"])} data-language={language}>
      <FoldedText text={code} maxLines={24} />
    </pre>
  );
}

/** Props of {@link JsonView}. */
export interface JsonViewProps {
  value: Json | undefined;
}

/** A value as it came, as indented JSON. Renders a `<pre>` element. */
export function JsonView({ value }: JsonViewProps): ReactElement {
  return <CodeView code={JSON.stringify(value, null, 2) ?? "null"} language="json" />;
}
