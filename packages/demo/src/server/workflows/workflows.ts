import type { Workflow } from "@holdpoint/core";
import type { Drafter } from "../drafts/draft.ts";
import type { Assistant } from "../model/assistant.ts";
import type { Office } from "../office.ts";
import { deleteCustomer } from "./delete-customer.ts";
import { editorialThenLegal } from "./editorial-then-legal.ts";
import { emailApproval } from "./email-approval.ts";
import { escalation } from "./escalation.ts";
import { outreach } from "./outreach.ts";
import { supportTicket } from "./support-ticket.ts";
import { toolLoop } from "./tool-loop.ts";

/** Who writes and who thinks. */
export interface Minds {
  drafter: Drafter;
  assistant: Assistant;
}

/** The workflows of Acme Ops. */
export function workflows(office: Office, { drafter, assistant }: Minds): Workflow[] {
  return [
    outreach({ ...office, drafter }),
    emailApproval({ ...office, drafter }),
    escalation(office),
    editorialThenLegal(),
    toolLoop({ ...office, assistant }),
    supportTicket(office),
    deleteCustomer(office.customers),
  ];
}
