import type { ReactElement } from "react";
import type { Customer } from "../../acme-api.ts";
import { Labelled } from "./labelled.tsx";
import { RecordChoice } from "./record-choice.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts an escalation run. */
export function EscalationForm(): ReactElement {
  return (
    <StartForm workflow="escalation" action="Ask for the refund">
      <RecordChoice<Customer> name="customerId" label="Customer" path="/demo/customers" describe={({ name }) => name} />
      <Labelled name="amount" label="Amount in euros">
        {(input) => <input {...input} className="input" inputMode="decimal" autoComplete="off" placeholder="120" />}
      </Labelled>
      <Labelled name="reason" label="Reason" hint="The reviewer reads this.">
        {(input) => <textarea {...input} className="input" rows={3} />}
      </Labelled>
    </StartForm>
  );
}
