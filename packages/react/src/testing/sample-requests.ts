import { type ApprovalRequest, timeouts } from "@holdpoint/core";

/** An email to a prospect that may be edited; sales has to agree before the account's owner. */
export const outreachEmail: ApprovalRequest = {
  title: "Send email to Ana Ruiz, Casa Olmo",
  message: "The prospect reopened its terrace on 12 November; the offer refers to that. Tone: friendly, no discount.",
  action: {
    name: "send_email",
    args: {
      from: "Jo Brandt <jo@acme.example>",
      to: "Ana Ruiz <ana@casaolmo.example>",
      subject: "Your new terrace menu, and Friday evenings",
      body: [
        "Hi Ana,",
        "I walked past Casa Olmo last week and saw the terrace is back. Congratulations on the new menu. Two of the places we work with around the square fill their Friday tables by opening bookings on Wednesday, and I think the same would suit you.",
        "Would Tuesday at ten work for a quick call?",
        "Jo",
      ].join("\n\n"),
    },
    schema: {
      type: "object",
      required: ["to", "subject", "body"],
      additionalProperties: false,
      properties: {
        from: { type: "string", title: "From", readOnly: true },
        to: { type: "string", title: "To", minLength: 3, pattern: "@" },
        subject: { type: "string", title: "Subject", minLength: 1, maxLength: 120 },
        body: { type: "string", title: "Body", minLength: 1, format: "multiline" },
      },
    },
  },
  content: [
    {
      type: "table",
      title: "Research used",
      columns: ["Source", "Finding"],
      rows: [
        ["Website", "casaolmo.example, fetched 14:02"],
        ["Fit score", "0.82 of 1"],
        ["Last contact", "never"],
      ],
    },
  ],
  allow: ["approve", "edit", "reject"],
  labels: { approve: "Send email" },
  risk: "medium",
  stages: [
    { name: "Sales", users: ["kim"] },
    { name: "Account owner", users: ["jo"] },
  ],
  requestedBy: { id: "outreach-agent", name: "Outreach agent", kind: "agent" },
  source: { engine: "holdpoint", workflow: "outreach", runId: "outreach-1042", gate: "send" },
  timeout: "24h",
  tags: ["outreach"],
};

/** A payment back to a customer that is about to time out. */
export const refund: ApprovalRequest = {
  title: "Refund order 48213 for €1,240.00",
  message: "The parcel was lost by the carrier. The customer asked for the money back rather than a second delivery.",
  action: {
    name: "refund.create",
    args: { order: "48213", amount: 1240, currency: "EUR", reason: "Lost in transit", notifyCustomer: true },
    schema: {
      type: "object",
      required: ["order", "amount", "currency"],
      additionalProperties: false,
      properties: {
        order: { type: "string", title: "Order", readOnly: true },
        amount: { type: "number", title: "Amount", minimum: 0.01, maximum: 1240 },
        currency: { type: "string", title: "Currency", enum: ["EUR", "USD", "GBP"] },
        reason: { type: "string", title: "Reason", maxLength: 200 },
        notifyCustomer: { type: "boolean", title: "Notify the customer" },
      },
    },
  },
  allow: ["approve", "edit", "reject"],
  labels: { approve: "Refund" },
  risk: "high",
  reviewers: { groups: ["support"] },
  requestedBy: { id: "support-agent", name: "Support agent", kind: "agent" },
  source: { engine: "holdpoint", workflow: "support-ticket", runId: "ticket-7781", gate: "refund" },
  timeout: "18m30s",
  onTimeout: "reject",
  tags: ["refund", "support"],
};

/** A payment back that legal is asked about too when support leaves it for four hours. */
export const escalatingRefund: ApprovalRequest = {
  ...refund,
  title: "Refund order 48307 for €310.00",
  message: "Two of the four plates arrived broken, and the customer keeps the others.",
  action: {
    name: "refund.create",
    args: { order: "48307", amount: 310, currency: "EUR", reason: "Broken on arrival", notifyCustomer: true },
  },
  allow: ["approve", "reject"],
  onTimeout: "time_out",
  ...timeouts.escalate("4h", { groups: ["legal"], wait: "24h" }),
};

/** A question whose answer is a choice, a text and a yes or no. */
export const failoverQuestion: ApprovalRequest = {
  kind: "question",
  title: "Which data centre should the failover use?",
  message:
    "Frankfurt has been degraded for nine minutes. Both candidates have capacity; Madrid is cheaper until Sunday.",
  form: {
    type: "object",
    required: ["dataCentre"],
    additionalProperties: false,
    properties: {
      dataCentre: { type: "string", title: "Data centre", enum: ["Amsterdam", "Madrid", "Stay in Frankfurt"] },
      note: { type: "string", title: "Note for the operators", maxLength: 500, format: "multiline" },
      pageOnCall: { type: "boolean", title: "Page the engineer on call", default: false },
    },
  },
  risk: "low",
  reviewers: { groups: ["ops"] },
  requestedBy: { id: "ops-agent", name: "Ops agent", kind: "agent" },
  source: { engine: "holdpoint", workflow: "failover", runId: "failover-12", gate: "data-centre" },
  tags: ["ops"],
};

/** An act that can't be undone and needs two people. */
export const deleteCustomer: ApprovalRequest = {
  title: "Delete customer “Nordwind GmbH” and 3,112 linked records",
  message: "The contract ended 90 days ago and the retention period is over. No open invoices were found.",
  action: {
    name: "customer.delete",
    args: {
      customer: { id: "cus_8841", name: "Nordwind GmbH" },
      linked: { invoices: 214, contacts: 38, messages: 2860 },
      keepBackupUntil: "2026-12-20",
    },
  },
  labels: { approve: "Delete customer" },
  risk: "critical",
  reviewers: { users: ["jo", "kim", "mia"], quorum: 2 },
  requestedBy: { id: "cleanup", name: "Cleanup run", kind: "service" },
  source: { engine: "holdpoint", workflow: "cleanup", runId: "cleanup-88", gate: "delete" },
  tags: ["gdpr"],
};

/** A text that editorial has passed and legal still has to. */
export const publishArticle: ApprovalRequest = {
  title: "Publish “Winter energy guide” to the blog",
  action: {
    name: "publish",
    args: { slug: "winter-energy-guide", channel: "blog", publishAt: "2026-11-23T08:00:00Z" },
  },
  content: [
    {
      type: "markdown",
      title: "Article",
      text: "## Winter energy guide\n\nHeating takes **two thirds** of a household's energy. Three things help:\n\n- close the shutters at dusk\n- bleed the radiators\n- lower the night setting by *two degrees*\n\nSee the [full table](https://blog.acme.example/energy).",
    },
    {
      type: "diff",
      title: "Changed since the last review",
      before: "Heating takes half of a household's energy.\nTwo things help:\n- close the shutters at dusk",
      after: "Heating takes two thirds of a household's energy.\nThree things help:\n- close the shutters at dusk",
    },
  ],
  risk: "low",
  stages: [
    { name: "Editorial", groups: ["editorial"] },
    { name: "Legal", groups: ["legal"] },
  ],
  requestedBy: { id: "content-run", name: "Content run", kind: "service" },
  source: { engine: "holdpoint", workflow: "publish", runId: "publish-31", gate: "legal" },
  tags: ["content"],
};

/** Statements that an agent wants to run on a database. */
export const warehouseSql: ApprovalRequest = {
  title: "Run SQL on warehouse: 2 statements",
  action: {
    name: "run_sql",
    args: {
      database: "warehouse",
      statements: [
        "UPDATE orders SET region = 'ES' WHERE postcode LIKE '28%' AND region IS NULL;",
        "DELETE FROM sessions WHERE seen_at < now() - interval '400 days';",
      ],
    },
  },
  content: [
    {
      type: "code",
      title: "Plan",
      language: "sql",
      code: "Update on orders  (rows=1874)\n  ->  Index Scan using orders_postcode\nDelete on sessions  (rows=20311)\n  ->  Seq Scan on sessions",
    },
    { type: "json", title: "Estimate", value: { rows: 22185, seconds: 4.2, locks: ["orders", "sessions"] } },
  ],
  risk: "high",
  reviewers: { groups: ["ops"] },
  requestedBy: { id: "analyst-agent", name: "Analyst agent", kind: "agent" },
  source: { engine: "holdpoint", workflow: "analysis", runId: "analysis-205", gate: "sql" },
  timeout: "8h",
  tags: ["sql"],
};

/** A release to production. */
export const deployment: ApprovalRequest = {
  title: "Deploy api 2026.11.4 to production",
  action: { name: "deploy", args: { service: "api", version: "2026.11.4", environment: "production", canary: 0.1 } },
  content: [
    {
      type: "link",
      title: "Change log",
      url: "https://git.acme.example/api/releases/2026.11.4",
      label: "api 2026.11.4",
    },
    { type: "text", title: "Checks", text: "412 tests passed. Error budget of the month: 71 % left." },
  ],
  labels: { approve: "Deploy" },
  risk: "high",
  reviewers: { groups: ["ops"] },
  requestedBy: { id: "release-run", name: "Release run", kind: "service" },
  source: { engine: "holdpoint", workflow: "release", runId: "release-514", gate: "production" },
  timeout: "24h",
  tags: ["deploy"],
};
