import { join } from "node:path";
import type { Ticket } from "../../acme-api.ts";
import { openJsonFile } from "./json-file.ts";

/** The support tickets of each tenant. */
export interface Tickets {
  list(tenantId: string): Ticket[];
  find(tenantId: string, id: string): Ticket | undefined;
  /** Closes a ticket with what the customer was told. */
  resolve(tenantId: string, id: string, reply: string): Promise<void>;
}

const firstTickets: Record<string, Ticket[]> = {
  acme: [
    {
      id: "T-1001",
      from: "office@nordwind.example",
      subject: "Export fails with error 500",
      body: "Since this morning the CSV export of our orders stops with error 500. Smaller exports work.",
      status: "open",
    },
    {
      id: "T-1002",
      from: "post@fjordsons.example",
      subject: "How do we change the invoice address?",
      body: "We moved. Where can we change the address on our invoices?",
      status: "open",
    },
    {
      id: "T-1003",
      from: "ana@casaolmo.example",
      subject: "Webhook deliveries time out",
      body: "About one in ten webhook calls to our API times out since Tuesday. Did something change?",
      status: "open",
    },
  ],
  globex: [
    {
      id: "T-2001",
      from: "bill@initech.example",
      subject: "Login crashes on Safari",
      body: "The login page crashes with a blank screen on Safari 19.",
      status: "open",
    },
  ],
};

/** Opens the tickets that are kept in `folder`. */
export async function openTickets(folder: string): Promise<Tickets> {
  const file = await openJsonFile(join(folder, "tickets.json"), firstTickets);
  const list = (tenantId: string) => file.read()[tenantId] ?? [];
  return {
    list,
    find: (tenantId, id) => list(tenantId).find((ticket) => ticket.id === id),
    resolve: (tenantId, id, reply) =>
      file.change((all) => ({
        ...all,
        [tenantId]: list(tenantId).map((ticket) =>
          ticket.id === id ? { ...ticket, status: "resolved" as const, reply } : ticket,
        ),
      })),
  };
}
