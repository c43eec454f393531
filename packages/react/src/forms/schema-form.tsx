"use client";
import type { Json, JsonSchema } from "@holdpoint/core";
// The package's index also loads its test set-up, and with it a validator that is not installed and needs eval.
import Form from "@rjsf/core/lib/components/Form.js";
import type { RJSFSchema } from "@rjsf/utils";
import { type ReactElement, useMemo, useState } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { CheckboxesInput, CheckboxInput, RadioInput, SelectInput } from "./choice-widgets.tsx";
import type { EditorFormProps } from "./editor-form-props.ts";
import { fieldLayout } from "./field-layout.ts";
import {
  FieldChoice,
  FieldFrame,
  FieldGroup,
  FieldItem,
  FieldList,
  NamedField,
  UnsupportedField,
} from "./form-templates.tsx";
import { errorSchema, formValidator } from "./form-validator.ts";
import { DateTimeInput, LineInput, LongTextInput } from "./input-widgets.tsx";
import { JsonForm } from "./json-form.tsx";

const templates = {
  ArrayFieldItemTemplate: FieldItem,
  ArrayFieldTemplate: FieldList,
  BaseInputTemplate: LineInput,
  FieldTemplate: FieldFrame,
  MultiSchemaFieldTemplate: FieldChoice,
  ObjectFieldTemplate: FieldGroup,
  UnsupportedFieldTemplate: UnsupportedField,
};

const widgets = {
  CheckboxWidget: CheckboxInput,
  CheckboxesWidget: CheckboxesInput,
  DateTimeWidget: DateTimeInput,
  RadioWidget: RadioInput,
  SelectWidget: SelectInput,
  TextareaWidget: LongTextInput,
};

const fields = { SchemaField: NamedField };

/** Arguments stay what they are: nothing is filled in that was not there. */
const noDefaults = {
  allOf: "skipDefaults",
  arrayMinItems: { populate: "never" },
  constAsDefaults: "never",
  emptyObjectFields: "skipDefaults",
} as const;

/**
 * A form drawn from a JSON Schema, that keeps types and checks by the server's rules; the same value can be edited as
 * JSON. Renders a `<form>` element.
 */
export default function SchemaForm(props: EditorFormProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const [asJson, setAsJson] = useState(props.json !== undefined);
  const complex = props.schema.type === "object";
  return (
    <div className={slot("schema-form")}>
      {complex && (
        <button type="button" className={slot("text-button")} onClick={() => setAsJson(!asJson)}>
          {t(asJson ? "editor.asForm" : "editor.asJson")}
        </button>
      )}
      {asJson ? <JsonForm {...props} /> : <DrawnForm {...props} />}
    </div>
  );
}

function DrawnForm({ id, schema, value, errors, busy, defaults, onChange, onSubmit }: EditorFormProps): ReactElement {
  const slot = useSlots();
  const layout = useLayout(schema, value);
  const extraErrors = useMemo(() => errorSchema(errors), [errors]);
  return (
    <Form
      id={id}
      idPrefix={id}
      className={slot("editor-form")}
      schema={schema as RJSFSchema}
      uiSchema={layout}
      formData={value}
      extraErrors={extraErrors}
      extraErrorsBlockSubmit={false}
      readonly={busy}
      validator={formValidator}
      templates={templates}
      widgets={widgets}
      fields={fields}
      showErrorList={false}
      focusOnFirstError
      noHtml5Validate
      experimental_defaultFormStateBehavior={defaults ? undefined : noDefaults}
      onChange={({ formData }, field) => {
        // Without a field the form only tells of its defaults, which nobody wrote.
        if (field !== undefined) onChange(formData as Json | undefined);
      }}
      onError={() => {
        // The fields say it; without a handler the form would write to the console.
      }}
      onSubmit={({ formData }) => onSubmit((formData ?? null) as Json)}
    />
  );
}

/** Controls are chosen by what was there at first, so that a field doesn't change its shape under the fingers. */
function useLayout(schema: JsonSchema, value: Json | undefined): ReturnType<typeof fieldLayout> {
  const [first] = useState(value);
  return useMemo(
    () => ({ ...fieldLayout(schema, first), "ui:submitButtonOptions": { norender: true } }),
    [schema, first],
  );
}
