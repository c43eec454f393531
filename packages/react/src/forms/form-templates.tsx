"use client";
// As in the form itself: the package's index loads more than it shows.
import SchemaField from "@rjsf/core/lib/components/fields/SchemaField.js";
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  descriptionId,
  errorId,
  type FieldPathId,
  type FieldProps,
  type FieldTemplateProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
} from "@rjsf/utils";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** A field: label, control, help, errors. Renders a `<div>` element. */
export function FieldFrame(props: FieldTemplateProps): ReactElement {
  const { id, fieldPathId, label, required, displayLabel, hidden, children, rawDescription, rawErrors, schema } = props;
  const slot = useSlots();
  const t = useMessages();
  if (hidden) return <div hidden>{children}</div>;
  const leaf = schema.type !== "object";
  const labelled = displayLabel && label !== "" && schema.type !== "boolean";
  const inList = isInList(fieldPathId);
  return (
    <div className={slot("field")} data-type={typeof schema.type === "string" ? schema.type : undefined}>
      {labelled && (
        <label className={slot(inList ? "hidden" : "field-label")} htmlFor={id}>
          {label}
          {!required && !props.readonly && !inList && (
            <span className={slot("field-optional")}> {t("editor.optional")}</span>
          )}
        </label>
      )}
      {leaf && rawDescription && (
        <p id={descriptionId(id)} className={slot("field-help")}>
          {rawDescription}
        </p>
      )}
      {children}
      {rawErrors && rawErrors.length > 0 && (
        <p id={errorId(id)} className={slot("field-error")}>
          {rawErrors.map((message) => t("editor.fieldError", { label, message }))}
        </p>
      )}
    </div>
  );
}

/** The fields of an object. Renders a `<fieldset>` element, or at the top of a form a `<div>`. */
export function FieldGroup(props: ObjectFieldTemplateProps): ReactElement {
  const { title, description, properties, fieldPathId } = props;
  const slot = useSlots();
  const fields = properties.map((property) => property.content);
  if (fieldPathId.path.length === 0) {
    return (
      <div className={slot("fields")}>
        {description && <p className={slot("field-help")}>{description}</p>}
        {fields}
      </div>
    );
  }
  return (
    <fieldset className={slot("field-set")}>
      {title && <legend className={slot("field-label")}>{title}</legend>}
      {description && <p className={slot("field-help")}>{description}</p>}
      <div className={slot("fields")}>{fields}</div>
    </fieldset>
  );
}

/** The items of a list, and a button for one more. Renders a `<fieldset>` element. */
export function FieldList(props: ArrayFieldTemplateProps): ReactElement {
  const { items, canAdd, onAddClick, uiSchema } = props;
  const title = uiSchema?.["ui:title"] ?? props.title;
  const slot = useSlots();
  const t = useMessages();
  return (
    <fieldset className={slot("field-set")}>
      {title && <legend className={slot("field-label")}>{title}</legend>}
      {items}
      {canAdd && (
        <button type="button" className={slot("text-button")} onClick={(event) => onAddClick(event)}>
          {t("editor.addItem")}
        </button>
      )}
    </fieldset>
  );
}

/** One item of a list, and a button to take it out. Renders a `<div>` element. */
export function FieldItem(props: ArrayFieldItemTemplateProps): ReactElement {
  const { children, index, hasToolbar, buttonsProps } = props;
  const slot = useSlots();
  const t = useMessages();
  return (
    <div className={slot("field-item")}>
      {children}
      {hasToolbar && buttonsProps.hasRemove && (
        <button
          type="button"
          className={slot("text-button")}
          aria-label={t("editor.removeItemLabel", { position: index + 1 })}
          onClick={(event) => buttonsProps.onRemoveItem(event)}
        >
          {t("editor.removeItem")}
        </button>
      )}
    </div>
  );
}

/** A choice between schemas, and the fields of the chosen one. Renders a `<div>` element. */
export function FieldChoice({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps): ReactElement {
  const slot = useSlots();
  return (
    <div className={slot("fields")}>
      {selector}
      {optionSchemaField}
    </div>
  );
}

/**
 * Any field; an item of a list is called by its place, where rjsf would say "tags-1". Renders what its template does.
 */
export function NamedField(props: FieldProps): ReactElement {
  const t = useMessages();
  const { fieldPathId, schema, uiSchema } = props;
  if (!isInList(fieldPathId)) return <SchemaField {...props} />;
  const title = t("editor.itemLabel", { position: Number(fieldPathId.path.at(-1)) + 1, title: schema.title });
  return <SchemaField {...props} uiSchema={{ ...uiSchema, "ui:title": title }} />;
}

/** In paths, names are strings and places numbers. */
function isInList({ path }: FieldPathId): boolean {
  return typeof path.at(-1) === "number";
}

/** A field that no form can be made for ends the form: what is around draws the JSON editor instead. */
export function UnsupportedField(): never {
  throw new Error("No form can be made for this schema.");
}
