import {
  Interrupt,
  type InterruptOptions,
  NonRetriableError,
  type Person,
  type Workflow,
  workflow,
} from "@holdpoint/core";
import { z } from "zod";
import type { Customer } from "../../acme-api.ts";
import type { Customers } from "../records/customers.ts";

/** What starting a delete-customer run takes. */
export const deleteCustomerInput = z.strictObject({
  customerId: z.string().min(1, "Choose the customer to delete."),
  reason: z.string().trim().min(1, "Say why, so that the reviewer can decide.").max(500),
});

/** How a delete-customer run ends that was approved; one that wasn't ends as rejected. */
export interface DeleteCustomerResult {
  status: "deleted";
  customerId: string;
}

/** Deletes a customer once somebody other than the person who asked has agreed; waits as long as that takes. */
export function deleteCustomer(
  customers: Customers,
): Workflow<z.infer<typeof deleteCustomerInput>, DeleteCustomerResult> {
  return workflow("delete-customer")
    .version(1, { input: deleteCustomerInput })
    .define(async (run, { customerId, reason }) => {
      const customer = await run.step("load customer", () => {
        const found = customers.find(run.tenantId, customerId);
        if (!found) throw new NonRetriableError(`There is no customer ${customerId}.`);
        return found;
      });
      if (!run.approved) return Interrupt.approval(requestOf(customer, reason, run.owner));
      await run.step("delete", () => customers.remove(run.tenantId, customerId));
      return { status: "deleted", customerId };
    });
}

function requestOf(customer: Customer, reason: string, owner: Person | undefined): InterruptOptions {
  return {
    title: `Delete customer “${customer.name}” and ${customer.linkedRecords.toLocaleString("en")} linked records`,
    message: "There is no way back: the customer and everything linked to it is gone at once.",
    requestedBy: owner && { ...owner, kind: "user" },
    action: { name: "customer.delete", args: { customerId: customer.id, name: customer.name } },
    content: [
      { type: "text", title: "Reason given", text: reason },
      {
        type: "table",
        title: "What is deleted",
        columns: ["Field", "Value"],
        rows: [
          ["Customer", customer.name],
          ["Contact", customer.email],
          ["Linked records", customer.linkedRecords],
        ],
      },
    ],
    labels: { approve: "Delete customer", reject: "Keep customer" },
    risk: "critical",
    tags: ["customers"],
  };
}
