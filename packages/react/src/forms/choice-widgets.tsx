"use client";
import {
  enumOptionsDeselectValue,
  enumOptionsIsSelected,
  enumOptionsSelectValue,
  optionId,
  type WidgetProps,
} from "@rjsf/utils";
import type { ReactElement, ReactNode } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { fieldAria } from "./input-widgets.tsx";

/** Yes or no. Renders a `<label>` around an `<input>` element. */
export function CheckboxInput(props: WidgetProps): ReactElement {
  const { id, htmlName, value, label, readonly, disabled, onChange } = props;
  const slot = useSlots();
  return (
    <Option label={label}>
      <input
        id={id}
        name={htmlName || id}
        className={slot("choice")}
        type="checkbox"
        checked={value === true}
        disabled={disabled || readonly}
        {...fieldAria(props)}
        onChange={(event) => onChange(event.target.checked)}
      />
    </Option>
  );
}

/** One of a few choices. Renders a group of `<input>` elements. */
export function RadioInput(props: WidgetProps): ReactElement {
  const { id, htmlName, value, options, label, readonly, disabled, onChange } = props;
  const slot = useSlots();
  const { "aria-describedby": describedBy, ...aria } = fieldAria(props);
  return (
    <div
      role="radiogroup"
      id={id}
      className={slot("options")}
      aria-label={label}
      {...aria}
      aria-describedby={describedBy}
    >
      {options.enumOptions?.map((option, i) => (
        <Option key={String(option.value)} label={option.label}>
          <input
            id={optionId(id, i)}
            name={htmlName || id}
            className={slot("choice")}
            type="radio"
            checked={enumOptionsIsSelected(option.value, value)}
            disabled={disabled || readonly}
            onChange={() => onChange(option.value)}
          />
        </Option>
      ))}
    </div>
  );
}

/** Several of some choices. Renders a group of `<input>` elements. */
export function CheckboxesInput(props: WidgetProps): ReactElement {
  const { id, htmlName, value, options, label, readonly, disabled, onChange } = props;
  const slot = useSlots();
  const chosen = Array.isArray(value) ? value : [];
  const choose = (index: number, on: boolean) =>
    onChange(
      on
        ? enumOptionsSelectValue(index, chosen, options.enumOptions)
        : enumOptionsDeselectValue(index, chosen, options.enumOptions),
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: the field around is a group of its own and carries the errors
    <div
      role="group"
      id={id}
      className={slot("options")}
      aria-label={label}
      aria-describedby={fieldAria(props)["aria-describedby"]}
    >
      {options.enumOptions?.map((option, i) => (
        <Option key={String(option.value)} label={option.label}>
          <input
            id={optionId(id, i)}
            name={htmlName || id}
            className={slot("choice")}
            type="checkbox"
            checked={enumOptionsIsSelected(option.value, chosen)}
            disabled={disabled || readonly}
            onChange={(event) => choose(i, event.target.checked)}
          />
        </Option>
      ))}
    </div>
  );
}

/** One of many choices. Renders a `<select>` element. */
export function SelectInput(props: WidgetProps): ReactElement {
  const { id, htmlName, value, options, readonly, disabled, onChange } = props;
  const slot = useSlots();
  const t = useMessages();
  const choices = options.enumOptions ?? [];
  const selected = choices.findIndex((option) => enumOptionsIsSelected(option.value, value));
  return (
    <select
      id={id}
      name={htmlName || id}
      className={slot("input")}
      value={selected}
      disabled={disabled || readonly}
      {...fieldAria(props)}
      onChange={(event) => onChange(choices[Number(event.target.value)]?.value)}
    >
      {selected === -1 && <option value={-1}>{t("editor.choose")}</option>}
      {choices.map((option, i) => (
        <option key={String(option.value)} value={i}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function Option({ label, children }: { label: ReactNode; children: ReactNode }): ReactElement {
  const slot = useSlots();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={slot("option")}>
      {children}
      <span>{label}</span>
    </label>
  );
}
