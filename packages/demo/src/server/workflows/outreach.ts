import { type SequenceContext, sequence, type Workflow } from "@holdpoint/core";
import { z } from "zod";
import type { SentMail } from "../../acme-api.ts";
import { companyOf, senderAddress } from "../companies.ts";
import type { Drafter } from "../drafts/draft.ts";
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

/** How an outreach run ends that was approved; one that wasn't ends as rejected or timed out. */
export interface OutreachResult {
  status: "sent";
  to: string;
  subject: string;
}

type Prospect = z.infer<typeof outreachInput>;

/** Researches a prospect, drafts a mail, lets a person edit and release it, and sends what they released. */
export function outreach(tools: OutreachTools): Workflow<Prospect, OutreachResult> {
  return sequence(
    "outreach",
    [
      {
        name: "research",
        run: ({ input, run }: SequenceContext<Prospect>) => researchProspect(tools, run.tenantId, input.email),
      },
      {
        name: "draft",
        type: "email",
        run: ({ input, run, signal }: SequenceContext<Prospect, Research>) => draftMail(tools, run, input, signal),
        next: {
          conditions: {
            approvalRequired: true,
            approveLabel: "Send email",
            request: (_, input, { research }) => requestFor(tools, input as Prospect, research as Research),
          },
        },
      },
      {
        name: "send email",
        async run({ previous, idempotencyKey }: SequenceContext<Prospect, OutgoingMail>): Promise<OutreachResult> {
          await tools.mailer.send(previous, idempotencyKey);
          return { status: "sent", to: previous.to, subject: previous.subject };
        },
      },
    ],
    { input: outreachInput },
  );
}

async function draftMail(
  { drafter }: OutreachTools,
  { tenantId, owner }: SequenceContext["run"],
  prospect: Prospect,
  signal: AbortSignal,
): Promise<OutgoingMail> {
  const draft = await drafter.draft(prospect, owner?.name ?? companyOf(tenantId).name, signal);
  return { from: senderAddress(tenantId, owner), to: `${prospect.name} <${prospect.email}>`, ...draft };
}

/** What the reviewer sees besides the draft. */
function requestFor({ drafter }: OutreachTools, { name, company }: Prospect, { summary, facts }: Research) {
  return {
    title: `Send email to ${name}, ${company}`,
    message: `Drafted from ${drafter.source}. ${summary}`,
    requestedBy: { id: "outreach-agent", name: "Outreach agent", kind: "agent" as const },
    content: [{ type: "table" as const, title: "Research used", columns: ["Fact", "Value"], rows: facts }],
    timeout: "24h",
  };
}

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
