"use client";
import { type BaseInputTemplateProps, descriptionId, errorId, getInputProps, type WidgetProps } from "@rjsf/utils";
import type { ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { timeAtWall, wallTime } from "../look/wall-time.ts";

/** What ties a control to its description and its errors. */
export interface FieldAria {
  "aria-invalid"?: true;
  "aria-describedby"?: string;
  "aria-required"?: true;
}

/** Attributes of a control by the state of its field. */
export function fieldAria({ id, rawErrors, required, schema }: WidgetProps): FieldAria {
  const invalid = rawErrors !== undefined && rawErrors.length > 0;
  const described = [schema.description && descriptionId(id), invalid && errorId(id)].filter(Boolean).join(" ");
  return {
    "aria-invalid": invalid || undefined,
    "aria-describedby": described || undefined,
    "aria-required": required || undefined,
  };
}

/** One line of text, a number, a date, an address. Renders an `<input>` element. */
export function LineInput(props: BaseInputTemplateProps): ReactElement {
  const {
    id,
    htmlName,
    value,
    readonly,
    disabled,
    onChange,
    onChangeOverride,
    onBlur,
    onFocus,
    options,
    schema,
    type,
  } = props;
  const slot = useSlots();
  const { type: inputType, step, min, max } = getInputProps(schema, type, options);
  const write = (text: string) => onChange(text === "" ? options.emptyValue : text);
  return (
    <input
      id={id}
      name={htmlName || id}
      className={slot("input")}
      type={inputType}
      step={step}
      min={min}
      max={max}
      value={value ?? ""}
      readOnly={readonly}
      disabled={disabled}
      {...fieldAria(props)}
      onChange={onChangeOverride ?? ((event) => write(event.target.value))}
      onBlur={(event) => onBlur(id, event.target.value)}
      onFocus={(event) => onFocus(id, event.target.value)}
    />
  );
}

/** A point in time, in the zone that times are shown in everywhere else. Renders an `<input>` element. */
export function DateTimeInput(props: WidgetProps): ReactElement {
  const { value, onChange } = props;
  const { timeZone } = useLook().format;
  return (
    <LineInput
      {...props}
      type="datetime-local"
      value={typeof value === "string" ? wallTime(value, timeZone) : undefined}
      onChange={(wall) => onChange(typeof wall === "string" ? timeAtWall(wall, timeZone) : wall)}
    />
  );
}

/** Text of several lines. Renders a `<textarea>` element. */
export function LongTextInput(props: WidgetProps): ReactElement {
  const { id, htmlName, value, readonly, disabled, onChange, onBlur, onFocus, options } = props;
  const slot = useSlots();
  return (
    <textarea
      id={id}
      name={htmlName || id}
      className={slot("input")}
      rows={typeof options.rows === "number" ? options.rows : 8}
      value={value ?? ""}
      readOnly={readonly}
      disabled={disabled}
      {...fieldAria(props)}
      onChange={(event) => onChange(event.target.value === "" ? options.emptyValue : event.target.value)}
      onBlur={(event) => onBlur(id, event.target.value)}
      onFocus={(event) => onFocus(id, event.target.value)}
    />
  );
}
