/** What people call the workflows. */
const workflowTitles: Record<string, string> = {
  outreach: "Outreach",
  "email-approval": "Email approval",
  escalation: "Refund with escalation",
  "editorial-then-legal": "Article",
  "tool-loop": "Assistant",
  "delete-customer": "Delete customer",
  "support-ticket": "Support ticket",
};

/** What people call a workflow; its own name when it is none of ours. */
export function workflowTitle(name: string): string {
  return workflowTitles[name] ?? name;
}
