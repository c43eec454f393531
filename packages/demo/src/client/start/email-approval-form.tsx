import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an email-approval run. */
export function EmailApprovalForm(): ReactElement {
  return (
    <StartForm workflow="email-approval" action="Propose the mail">
      <div className="field-row">
        <Labelled name="name" label="Name">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Ana Ruiz" />}
        </Labelled>
        <Labelled name="company" label="Company">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Casa Olmo" />}
        </Labelled>
      </div>
      <Labelled name="email" label="Email">
        {(input) => <input {...input} className="input" autoComplete="off" placeholder="ana@casaolmo.example" />}
      </Labelled>
      <Labelled name="topic" label="What is it about?">
        {(input) => <textarea {...input} className="input" rows={3} />}
      </Labelled>
    </StartForm>
  );
}
