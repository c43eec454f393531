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
  const { id, value, options, label, onChange } = props;
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
      <Choices field={props} type="radio" chosen={value} onChoose={(i) => onChange(options.enumOptions?.[i]?.value)} />
    </div>
  );
}

/** Several of some choices. Renders a group of `<input>` elements. */
export function CheckboxesInput(props: WidgetProps): ReactElement {
  const { id, value, options, label, onChange } = props;
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
      <Choices field={props} type="checkbox" chosen={chosen} onChoose={choose} />
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

interface ChoicesProps {
  field: WidgetProps;
  type: "radio" | "checkbox";
  /** The value of a radio group, the values of checkboxes. */
  chosen: unknown;
  onChoose: (index: number, on: boolean) => void;
}

/** An `<input>` element for each option of a field. */
function Choices({ field, type, chosen, onChoose }: ChoicesProps): ReactNode {
  const { id, htmlName, options, readonly, disabled } = field;
  const slot = useSlots();
  return options.enumOptions?.map((option, i) => (
    <Option key={String(option.value)} label={option.label}>
      <input
        id={optionId(id, i)}
        name={htmlName || id}
        className={slot("choice")}
        type={type}
        checked={enumOptionsIsSelected(option.value, chosen)}
        disabled={disabled || readonly}
        onChange={(event) => onChoose(i, event.target.checked)}
      />
    </Option>
  ));
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
