import type { ComponentType, ReactElement } from "react";
import { Link } from "wouter";
import { Page } from "../shell/page.tsx";
import { DeleteCustomerForm } from "../start/delete-customer-form.tsx";
import { EditorialThenLegalForm } from "../start/editorial-then-legal-form.tsx";
import { EmailApprovalForm } from "../start/email-approval-form.tsx";
import { EscalationForm } from "../start/escalation-form.tsx";
import { OutreachForm } from "../start/outreach-form.tsx";
import { SupportTicketForm } from "../start/support-ticket-form.tsx";
import { ToolLoopForm } from "../start/tool-loop-form.tsx";

interface Startable {
  workflow: string;
  title: string;
  summary: string;
  Form: ComponentType;
}

const outreach: Startable = {
  workflow: "outreach",
  title: "Outreach mail",
  summary:
    "Looks a prospect up, drafts a mail and waits. Whoever decides, you included, may edit the draft; it goes out when they press “Send email”.",
  Form: OutreachForm,
};

const startables: Startable[] = [
  outreach,
  {
    workflow: "email-approval",
    title: "Email approval",
    summary:
      "Drafts a mail and asks another reviewer. Approved within a day, it is sent as they left it; otherwise nothing is.",
    Form: EmailApprovalForm,
  },
  {
    workflow: "escalation",
    title: "Refund with escalation",
    summary: "Asks sales. When nobody answers within four hours legal is asked too, and has a day of its own.",
    Form: EscalationForm,
  },
  {
    workflow: "editorial-then-legal",
    title: "Article",
    summary: "Editorial has 48 hours, then legal has 72. The first no ends it.",
    Form: EditorialThenLegalForm,
  },
  {
    workflow: "tool-loop",
    title: "Assistant",
    summary:
      "A model that uses tools. Looking things up is free; every mail it wants to send is asked about, and a no sends it looking for another way.",
    Form: ToolLoopForm,
  },
  {
    workflow: "delete-customer",
    title: "Delete a customer",
    summary: "Critical, so somebody other than you has to agree. Waits for as long as that takes.",
    Form: DeleteCustomerForm,
  },
  {
    workflow: "support-ticket",
    title: "Support ticket",
    summary: "An agent works on the ticket and asks an engineer when it is stuck. The answer goes to the customer.",
    Form: SupportTicketForm,
  },
];

/** Starts runs: a choice of workflows, and the form of the chosen one. */
export function StartPage({ workflow }: { workflow?: string }): ReactElement {
  const chosen = startables.find((startable) => startable.workflow === workflow) ?? outreach;
  return (
    <Page title="Start a run" lead="Each of these pauses at a gate and goes on when people have answered.">
      <div className="start">
        <nav className="start-choice" aria-label="Workflows">
          {startables.map(({ workflow: name, title }) => (
            <Link
              key={name}
              href={`/start/${name}`}
              className="start-link"
              aria-current={name === chosen.workflow ? "page" : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
        <section className="panel start-panel" aria-labelledby="start-title">
          <h2 id="start-title">{chosen.title}</h2>
          <p className="faint">{chosen.summary}</p>
          <chosen.Form key={chosen.workflow} />
        </section>
      </div>
    </Page>
  );
}
