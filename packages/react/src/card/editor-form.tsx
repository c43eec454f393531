"use client";
import type { JsonSchema } from "@holdpoint/core";
import { type FormEvent, lazy, type ReactElement, type ReactNode, Suspense, useEffect } from "react";
import { BlockBoundary } from "../blocks/block-boundary.tsx";
import type { EditorFormProps } from "../forms/editor-form-props.ts";
import { JsonForm } from "../forms/json-form.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useCard } from "./card-context.ts";

/** Forms are only loaded when somebody edits or answers. */
const SchemaForm = lazy(() => import("../forms/schema-form.tsx"));

/** Props of {@link EditorForm}. */
export interface EditorFormInput extends Omit<EditorFormProps, "schema"> {
  schema?: JsonSchema;
}

/** The schema's form; JSON without a schema, and when the form can't be loaded or drawn. */
export function EditorForm({ schema, ...rest }: EditorFormInput): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <BlockBoundary fallback={<JsonForm {...rest} note={t("editor.failed")} />}>
      <Suspense fallback={<p className={slot("status")}>{t("editor.loading")}</p>}>
        {schema ? <SchemaForm {...rest} schema={schema} /> : <JsonForm {...rest} />}
        <FieldFocus formId={rest.id} />
      </Suspense>
    </BlockBoundary>
  );
}

/** Props of {@link HostForm}. */
export interface HostFormProps {
  id: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The form around a host's own editor. Renders a `<form>` element. */
export function HostForm({ id, onSubmit, children }: HostFormProps): ReactElement {
  const slot = useSlots();
  const handIn = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form id={id} className={slot("editor-form")} onSubmit={handIn}>
      {children}
      <FieldFocus formId={id} />
    </form>
  );
}

/** Sends the focus into a form once it is there. Renders nothing. */
function FieldFocus({ formId }: { formId: string }): null {
  const { takeFocus } = useCard();
  useEffect(() => {
    if (!takeFocus("editor")) return;
    const field = document.getElementById(formId)?.querySelector("input:not([readonly]), select, textarea");
    if (field instanceof HTMLElement) field.focus();
  });
  return null;
}
