"use client";
import type { Json } from "@holdpoint/core";
import { type FormEvent, type ReactElement, type ReactNode, useId, useState } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import type { EditorFormProps } from "./editor-form-props.ts";

/** Props of {@link JsonForm}. */
export interface JsonFormProps extends Omit<EditorFormProps, "schema" | "defaults"> {
  /** Shown above the text. */
  note?: ReactNode;
}

/** A value as JSON text, for what has no schema or none that a form can be made from. Renders a `<form>` element. */
export function JsonForm({
  id,
  value,
  json,
  errors,
  busy,
  note,
  onChange,
  onJson,
  onSubmit,
}: JsonFormProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const errorId = useId();
  const [text, setText] = useState(() => json ?? (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const parsed = parseJson(text);
  const problems = "problem" in parsed ? [t("editor.invalidJson", { message: parsed.problem })] : errors.map(lineOf);

  function handIn(event: FormEvent): void {
    event.preventDefault();
    if ("value" in parsed) onSubmit(parsed.value);
  }

  function write(next: string): void {
    setText(next);
    const read = parseJson(next);
    if ("value" in read) onChange(read.value);
    else onJson?.(next);
  }

  return (
    <form id={id} className={slot("editor-form")} onSubmit={handIn} noValidate>
      {note && <p className={slot("status")}>{note}</p>}
      <textarea
        className={slot(["input", "json-input"])}
        aria-label={t("editor.jsonLabel")}
        aria-invalid={problems.length > 0 || undefined}
        aria-describedby={problems.length > 0 ? errorId : undefined}
        readOnly={busy}
        rows={12}
        spellCheck={false}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
      <div id={errorId} className={slot("field-error")} role="alert">
        {problems.map((problem, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: problems have no identity but their place
          <p key={i} className={slot("notice-text")}>
            {problem}
          </p>
        ))}
      </div>
    </form>
  );
}

function lineOf({ pointer, message }: { pointer: string; message: string }): string {
  return pointer === "" ? message : `${pointer}: ${message}`;
}

function parseJson(text: string): { value: Json } | { problem: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
