import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an editorial-then-legal run. */
export function EditorialThenLegalForm(): ReactElement {
  return (
    <StartForm workflow="editorial-then-legal" action="Submit the article">
      <Labelled name="title" label="Title">
        {(input) => <input {...input} className="input" autoComplete="off" placeholder="Winter energy guide" />}
      </Labelled>
      <Labelled name="text" label="Text" hint="Markdown.">
        {(input) => <textarea {...input} className="input" rows={8} />}
      </Labelled>
    </StartForm>
  );
}
