import type { ReactElement } from "react";
import { Labelled } from "./labelled.tsx";

/** Whom a mail goes to: name, company and address. */
export function PersonFields({ emailHint }: { emailHint?: string }): ReactElement {
  return (
    <>
      <div className="field-row">
        <Labelled name="name" label="Name">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Ana Ruiz" />}
        </Labelled>
        <Labelled name="company" label="Company">
          {(input) => <input {...input} className="input" autoComplete="off" placeholder="Casa Olmo" />}
        </Labelled>
      </div>
      <Labelled name="email" label="Email" hint={emailHint}>
        {(input) => <input {...input} className="input" autoComplete="off" placeholder="ana@casaolmo.example" />}
      </Labelled>
    </>
  );
}
