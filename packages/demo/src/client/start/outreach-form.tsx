import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { PersonFields } from "./person-fields.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an outreach run. */
export function OutreachForm(): ReactElement {
  return (
    <StartForm workflow="outreach" action="Start outreach">
      <PersonFields emailHint="Nothing leaves this machine: the demo brings its own mailbox." />
      <Labelled name="note" label="What should the mail say?" hint="Optional. The draft is made from it.">
        {(input) => <textarea {...input} className="input" rows={4} />}
      </Labelled>
    </StartForm>
  );
}
