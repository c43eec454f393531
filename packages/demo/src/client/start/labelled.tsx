import { type ReactElement, type ReactNode, useId } from "react";
import { useFieldError } from "./field-errors.ts";

/** What ties an input to its label, hint and error. */
export interface LabelledInput {
  id: string;
  name: string;
  "aria-invalid"?: true;
  "aria-describedby"?: string;
}

/** What {@link Labelled} takes. */
export interface LabelledProps {
  /** Key in the run's input. */
  name: string;
  label: string;
  hint?: string;
  children: (input: LabelledInput) => ReactNode;
}

/** An input's label, hint and what the server said of its value, around the input itself. */
export function Labelled({ name, label, hint, children }: LabelledProps): ReactElement {
  const id = useId();
  const error = useFieldError(name);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        ...(error && { "aria-invalid": true }),
        ...(described && { "aria-describedby": described }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}
