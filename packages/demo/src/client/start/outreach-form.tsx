import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an outreach run. */
export function OutreachForm(): ReactElement {
  return (
    <StartForm workflow="outreach" action="Start outreach">
      <div className="field-row">
        <Labelled name="name" label="Name">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Ana Ruiz" />}
        </Labelled>
        <Labelled name="company" label="Company">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Casa Olmo" />}
        </Labelled>
      </div>
      <Labelled name="email" label="Email" hint="Nothing leaves this machine: the demo brings its own mailbox.">
        {(input) => <input {...input} className="input" autoComplete="off" placeholder="ana@casaolmo.example" />}
      </Labelled>
      <Labelled name="note" label="What should the mail say?" hint="Optional. The draft is made from it.">
        {(input) => <textarea {...input} className="input" rows={4} />}
      </Labelled>
    </StartForm>
  );
}
