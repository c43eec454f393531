import { askHuman, NonRetriableError, type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { z } from "zod";
import type { Ticket } from "../../acme-api.ts";
import { senderAddress } from "../companies.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Tickets } from "../records/tickets.ts";

/** What starting a support-ticket run takes. */
export const supportTicketInput = z.strictObject({
  ticketId: z.string().trim().min(1, "Choose a ticket."),
});

/** What the ticket workflow works with. */
export interface SupportTools {
  tickets: Tickets;
  mailer: Mailer;
}

type Agent = "support" | "technical";

/** How a support-ticket run ends. */
export type SupportTicketResult =
  | {
      status: "resolved";
      ticketId: string;
      agent: Agent;
      reply: string;
      developerResponse?: DeveloperResponse;
      responseTime?: string;
    }
  | { status: "open"; ticketId: string; agent: Agent; error: string };

/** What a developer tells the technical agent. */
interface DeveloperResponse {
  answer: string;
  cause: "bug" | "configuration" | "outage";
}

/**
 * Routes a ticket to an agent and resolves it with the agent's reply. The support agent answers from the handbook; the
 * technical agent, and the support agent where the handbook is silent, asks a developer.
 */
export function supportTicket(tools: SupportTools): Workflow<z.infer<typeof supportTicketInput>, SupportTicketResult> {
  return workflow("support-ticket", { version: 1, input: supportTicketInput }, async (run, { ticketId }) => {
    const ticket = await run.step("load ticket", () => {
      const found = tools.tickets.find(run.tenantId, ticketId);
      if (!found) throw new NonRetriableError(`There is no ticket ${ticketId}.`);
      return found;
    });
    const agent = await run.step("route", () => route(ticket));
    const article = agent === "support" ? await run.step("look up handbook", () => findArticle(ticket)) : null;
    const question = `What should we tell the customer about “${ticket.subject}”?`;
    const asked = article === null ? await developerTool(run, ticket, agent).execute({ question }) : undefined;
    if (asked && "error" in asked) return { status: "open", ticketId, agent, error: asked.error };
    const developer = asked && { ...asked, developerResponse: asked.developerResponse as unknown as DeveloperResponse };
    const reply = article ?? developer?.developerResponse.answer ?? "";
    await run.step("reply", ({ idempotencyKey }) =>
      tools.mailer.send(
        {
          from: senderAddress(run.tenantId, undefined),
          to: ticket.from,
          subject: `Re: ${ticket.subject}`,
          body: reply,
        },
        idempotencyKey,
      ),
    );
    await run.step("resolve", () => tools.tickets.resolve(run.tenantId, ticketId, reply));
    return { status: "resolved", ticketId, agent, reply, ...developer };
  });
}

/** The tool with which an agent asks a developer. */
function developerTool(run: RunContext, { id, from, body }: Ticket, agent: Agent) {
  return askHuman(run, {
    agent: { id: `${agent}-agent`, name: `${agent === "support" ? "Support" : "Technical"} agent` },
    form: {
      type: "object",
      required: ["answer", "cause"],
      properties: {
        answer: { title: "Answer for the customer", type: "string", minLength: 1, maxLength: 4000, format: "textarea" },
        cause: { title: "Cause", type: "string", enum: ["bug", "configuration", "outage"] },
      },
    },
    request: {
      message: "I found nothing that explains this. What is going on, and what should the customer do?",
      content: [{ type: "text", title: `Ticket ${id} from ${from}`, text: body }],
      labels: { answer: "Answer" },
      reviewers: { groups: ["engineering"] },
      tags: ["support"],
    },
  });
}

const technicalWords = /\b(error|crash\w*|fail\w*|webhook|timeout|time out|api|bug)\b/i;

function route(ticket: Ticket): Agent {
  return technicalWords.test(`${ticket.subject} ${ticket.body}`) ? "technical" : "support";
}

const handbook = [
  {
    topic: /invoice address|billing address/i,
    text: "You can change the invoice address under Settings, Billing. It is on every invoice from the next one on.",
  },
  {
    topic: /password/i,
    text: "Choose “Forgot password” on the sign-in page; the link in the mail is good for one hour.",
  },
];

/** The handbook's answer to a ticket; null when it has none. */
function findArticle(ticket: Ticket): string | null {
  return handbook.find(({ topic }) => topic.test(`${ticket.subject} ${ticket.body}`))?.text ?? null;
}
