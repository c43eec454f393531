import type { ReactElement } from "react";
import type { Ticket } from "../../acme-api.ts";
import { RecordChoice } from "./record-choice.tsx";
import { StartForm } from "./start-form.tsx";

/** Starts a support-ticket run. */
export function SupportTicketForm(): ReactElement {
  return (
    <StartForm workflow="support-ticket" action="Work on ticket">
      <RecordChoice<Ticket>
        name="ticketId"
        label="Ticket"
        path="/demo/tickets"
        describe={({ id, subject, status }) => `${id}: ${subject} (${status})`}
      />
    </StartForm>
  );
}
