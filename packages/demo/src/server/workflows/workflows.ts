import type { Workflow } from "@holdpoint/core";
import type { Drafter } from "../drafts/draft.ts";
import type { Office } from "../office.ts";
import { deleteCustomer } from "./delete-customer.ts";
import { outreach } from "./outreach.ts";
import { supportTicket } from "./support-ticket.ts";

/** The workflows of Acme Ops. */
export function workflows(office: Office, drafter: Drafter): Workflow[] {
  return [outreach({ ...office, drafter }), deleteCustomer(office.customers), supportTicket(office)];
}
