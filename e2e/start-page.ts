import type { Page } from "@playwright/test";

/** Who an outreach mail goes to. */
export interface Prospect {
  name: string;
  company: string;
  email: string;
  note?: string;
}

/** A prospect that tests write to. */
export const ana: Prospect = {
  name: "Ana Ruiz",
  company: "Casa Olmo",
  email: "ana@casaolmo.example",
  note: "Congratulations on the new terrace.",
};

/** Fills in the outreach form and starts the run. */
export async function startOutreach(page: Page, prospect: Prospect): Promise<void> {
  await page.getByRole("link", { name: "Start a run" }).click();
  await page.getByLabel("Name", { exact: true }).fill(prospect.name);
  await page.getByLabel("Company", { exact: true }).fill(prospect.company);
  await page.getByLabel("Email", { exact: true }).fill(prospect.email);
  await page.getByLabel("What should the mail say?").fill(prospect.note ?? "");
  await page.getByRole("button", { name: "Start outreach" }).click();
}

/** Asks for the deletion of the customer that the form offers first. */
export async function startDeletion(page: Page, reason: string): Promise<void> {
  await page.getByRole("link", { name: "Start a run" }).click();
  await page.getByRole("link", { name: "Delete a customer" }).click();
  await page.getByLabel("Reason", { exact: true }).fill(reason);
  await page.getByRole("button", { name: "Ask to delete" }).click();
}

/** Puts the agent to work on a ticket. */
export async function startTicket(page: Page, ticketId: string): Promise<void> {
  await page.getByRole("link", { name: "Start a run" }).click();
  await page.getByRole("link", { name: "Support ticket" }).click();
  await page.getByLabel("Ticket", { exact: true }).selectOption(ticketId);
  await page.getByRole("button", { name: "Work on ticket" }).click();
}
