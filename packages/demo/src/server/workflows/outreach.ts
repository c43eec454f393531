import { type Workflow, workflow } from "@holdpoint/core";
import { z } from "zod";
import type { SentMail } from "../../acme-api.ts";
import { companyOf, senderAddress } from "../companies.ts";
import type { Draft, Drafter } from "../drafts/draft.ts";
import type { MailArchive } from "../mail/mail-archive.ts";
import type { Mailer, OutgoingMail } from "../mail/mailer.ts";
import type { Customers } from "../records/customers.ts";

/** What starting an outreach run takes. */
export const outreachInput = z.strictObject({
  name: z.string().trim().min(1, "Say who the mail is for.").max(80),
  email: z.email("This is not a mail address."),
  company: z.string().trim().min(1, "Say which company they work for.").max(80),
  note: z.string().trim().max(500).default(""),
});

/** What outreach works with. */
export interface OutreachTools {
  customers: Customers;
  archive: MailArchive;
  drafter: Drafter;
  mailer: Mailer;
}

/** How an outreach run ends. */
export type OutreachResult = { status: "sent"; to: string; subject: string } | { status: string; reason: string };

/** Researches a prospect, drafts a mail, lets a person edit and release it, and sends what they released. */
export function outreach(tools: OutreachTools): Workflow<z.infer<typeof outreachInput>, OutreachResult> {
  return workflow("outreach", { version: 1, input: outreachInput }, async (run, prospect) => {
    const from = senderAddress(run.tenantId, run.owner);
    const research = await run.step("research", () => researchProspect(tools, run.tenantId, prospect.email));
    const draft = await run.step("draft", ({ signal }) =>
      tools.drafter.draft(prospect, run.owner?.name ?? companyOf(run.tenantId).name, signal),
    );
    const review = await run.approval<OutgoingMail>("send", {
      title: `Send email to ${prospect.name}, ${prospect.company}`,
      message: `Drafted from ${tools.drafter.source}. ${research.summary}`,
      requestedBy: { id: "outreach-agent", name: "Outreach agent", kind: "agent" },
      action: { name: "send_email", args: toMail(from, prospect, draft), schema: emailSchema },
      content: [{ type: "table", title: "Research used", columns: ["Fact", "Value"], rows: research.facts }],
      allow: ["approve", "edit", "reject"],
      labels: { approve: "Send email" },
      selfApproval: true,
      timeout: "24h",
      tags: ["outreach"],
    });
    if (!review.approved) return { status: review.status, reason: review.reason ?? "No reason provided" };
    await run.step("send email", ({ idempotencyKey }) => tools.mailer.send(review.args, idempotencyKey));
    return { status: "sent", to: review.args.to, subject: review.args.subject };
  });
}

function toMail(from: string, { name, email }: { name: string; email: string }, draft: Draft): OutgoingMail {
  return { from, to: `${name} <${email}>`, ...draft };
}

/** Everything may be edited but who it comes from. */
const emailSchema = {
  type: "object",
  required: ["from", "to", "subject", "body"],
  additionalProperties: false,
  properties: {
    from: { title: "From", type: "string", readOnly: true },
    to: { title: "To", type: "string", pattern: "^[^\\r\\n]*[^\\s@<]+@[^\\s@>]+>?$" },
    subject: { title: "Subject", type: "string", minLength: 1, maxLength: 150, pattern: "^[^\\r\\n]*$" },
    body: { title: "Body", type: "string", minLength: 1, maxLength: 10_000, format: "textarea" },
  },
};

interface Research {
  summary: string;
  facts: [fact: string, value: string][];
}

/** What our own records say about an address. */
async function researchProspect(tools: OutreachTools, tenantId: string, email: string): Promise<Research> {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  const customer = tools.customers.list(tenantId).find((candidate) => candidate.email.endsWith(`@${domain}`));
  const sent = await tools.archive.sentFrom(companyOf(tenantId).domain);
  const lastMail = sent.find((mail) => isTo(mail, email));
  return {
    summary: customer ? `${customer.name} is a customer already.` : "Nobody at this company is a customer yet.",
    facts: [
      ["Website", domain],
      ["Customer", customer ? `${customer.name}, ${customer.id}` : "no"],
      ["Last mail", lastMail ? `${lastMail.receivedAt.slice(0, 10)}: ${lastMail.subject}` : "never"],
    ],
  };
}

function isTo(mail: SentMail, email: string): boolean {
  return mail.to.some((address) => address.toLowerCase().includes(email.toLowerCase()));
}
