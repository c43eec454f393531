/** A mail as the example sends it. */
export interface Email {
  to: string;
  subject: string;
  body: string;
}

/** What was "sent", for the example's test to look at. */
export const outbox: Email[] = [];

/** Stands for whatever drafts: a template, a model. */
export function draftEmail({ to }: { to: string }): Email {
  return { to, subject: "Your new terrace menu", body: "Would Tuesday at ten work for a quick call?" };
}

/** Stands for whatever sends. */
export function sendEmail(email: Email): { sent: number } {
  outbox.push(email);
  return { sent: outbox.length };
}
