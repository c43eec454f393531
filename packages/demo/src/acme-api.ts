import type { Role } from "@holdpoint/core";

/** One of the people that the demo's sign-in offers. */
export interface DemoPerson {
  id: string;
  name: string;
  role: Role;
  groups: string[];
}

/** A customer of Acme Ops: a tenant, with the people who work there. */
export interface Company {
  id: string;
  name: string;
  /** Mail from and to its people ends in this. */
  domain: string;
  people: DemoPerson[];
}

/** Answer of `POST /demo/sign-in`. */
export interface SignedIn {
  /** Bearer token for the API and the live feed. */
  token: string;
  person: DemoPerson;
  company: Omit<Company, "people">;
}

/** A message that left through SMTP, as the mailbox received it. */
export interface SentMail {
  id: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  /** ISO 8601. */
  receivedAt: string;
}

/** A row of the customers table that the `delete-customer` workflow deletes from. */
export interface Customer {
  id: string;
  name: string;
  email: string;
  /** What hangs on the customer and goes with it. */
  linkedRecords: number;
}

/** A support ticket. */
export interface Ticket {
  id: string;
  from: string;
  subject: string;
  body: string;
  status: "open" | "resolved";
  /** What the customer was told, once resolved. */
  reply?: string;
}

/** Answer of the demo's list routes. */
export interface Listing<Item> {
  items: Item[];
}
