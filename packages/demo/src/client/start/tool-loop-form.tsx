import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts a tool loop. */
export function ToolLoopForm(): ReactElement {
  return (
    <StartForm workflow="tool-loop" action="Let the assistant work">
      <Labelled name="task" label="Task" hint="For instance: Tell Casa Olmo that we are closed on Friday.">
        {(input) => <textarea {...input} className="input" rows={4} />}
      </Labelled>
    </StartForm>
  );
}
