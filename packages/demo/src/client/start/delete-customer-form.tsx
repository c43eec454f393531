import type { ReactElement } from "react";
import type { Customer } from "../../acme-api.ts";
import { Labelled } from "./labelled.tsx";
import { RecordChoice } from "./record-choice.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts a delete-customer run. */
export function DeleteCustomerForm(): ReactElement {
  return (
    <StartForm workflow="delete-customer" action="Ask to delete">
      <RecordChoice<Customer>
        name="customerId"
        label="Customer"
        path="/demo/customers"
        describe={({ name, linkedRecords }) => `${name} (${linkedRecords.toLocaleString()} linked records)`}
      />
      <Labelled name="reason" label="Reason" hint="The reviewer reads this.">
        {(input) => <textarea {...input} className="input" rows={3} />}
      </Labelled>
    </StartForm>
  );
}
