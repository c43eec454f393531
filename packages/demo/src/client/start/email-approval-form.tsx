import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { PersonFields } from "./person-fields.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an email-approval run. */
export function EmailApprovalForm(): ReactElement {
  return (
    <StartForm workflow="email-approval" action="Propose the mail">
      <PersonFields />
      <Labelled name="topic" label="What is it about?">
        {(input) => <textarea {...input} className="input" rows={3} />}
      </Labelled>
    </StartForm>
  );
}
