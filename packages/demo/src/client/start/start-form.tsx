import { HoldpointError, type Json } from "@holdpoint/core";
import { type FormEvent, type ReactElement, type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useRunsClient } from "../runs/use-runs-client.ts";
import { FieldErrorsContext, fieldErrors } from "./field-errors.ts";

/** What {@link StartForm} takes. */
export interface StartFormProps {
  workflow: string;
  /** The text of the button. */
  action: string;
  /** Fields; their names are the keys of the run's input. */
  children: ReactNode;
}

/** Starts a run with what was filled in and opens its page. The server alone says what is wrong with a value. */
export function StartForm({ workflow, action, children }: StartFormProps): ReactElement {
  const [, navigate] = useLocation();
  const client = useRunsClient();
  const [refusal, setRefusal] = useState<HoldpointError>();
  const [starting, setStarting] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refusal]);

  async function start(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (starting) return;
    setStarting(true);
    try {
      const run = await client.start({ workflow, input: inputOf(event.currentTarget) });
      const stillHere = form.current !== null;
      if (stillHere) navigate(`/runs/${run.id}`);
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
      setRefusal(error);
      setStarting(false);
    }
  }

  const errors = refusal ? fieldErrors(refusal) : {};
  return (
    <form ref={form} className="start-form" onSubmit={start} noValidate>
      <FieldErrorsContext value={errors}>{children}</FieldErrorsContext>
      {refusal && Object.keys(errors).length === 0 && (
        <p className="notice" role="alert">
          {refusal.message}
        </p>
      )}
      <button type="submit" className="button primary" aria-disabled={starting} aria-busy={starting}>
        {action}
      </button>
    </form>
  );
}

function inputOf(form: HTMLFormElement): Json {
  return Object.fromEntries(
    [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
