import { join } from "node:path";
import { type MailArchive, openMailArchive } from "./mail/mail-archive.ts";
import { startMailbox } from "./mail/mailbox.ts";
import { createMailer, type Mailer } from "./mail/mailer.ts";
import { type Customers, openCustomers } from "./records/customers.ts";
import { openTickets, type Tickets } from "./records/tickets.ts";

/** What Acme Ops has besides approvals: records, a mailer, and the mailbox that its mail ends up in. */
export interface Office {
  archive: MailArchive;
  customers: Customers;
  tickets: Tickets;
  mailer: Mailer;
  close(): Promise<void>;
}

/** Opens the records in `folder` and starts the mailbox. */
export async function openOffice(folder: string): Promise<Office> {
  const archive = await openMailArchive(join(folder, "mail"));
  const customers = await openCustomers(folder);
  const tickets = await openTickets(folder);
  const mailbox = await startMailbox(archive);
  const mailer = createMailer(mailbox.port);
  return {
    archive,
    customers,
    tickets,
    mailer,
    async close() {
      mailer.close();
      await mailbox.close();
    },
  };
}
