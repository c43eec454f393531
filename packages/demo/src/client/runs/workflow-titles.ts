import type { Run } from "@holdpoint/core";

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

/** What a run is about, from what it was started with: whom it writes to, which ticket, which customer and why. */
export function runSubject({ input }: Run): string {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return "";
  const { name, title, task, ticketId, customerId, reason } = input;
  const subject = [name, title, task, ticketId, customerId].find(isText);
  const text = visible([subject, subject === customerId && reason].filter(isText).join(": "));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The `status` that a run returned, as words; undefined when it returned none. */
export function returnedStatus({ output }: Run): string | undefined {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return undefined;
  return isText(output.status) ? visible(output.status.replaceAll("_", " ").slice(0, 80)) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Characters that would turn the text around or hide in it stand as they are called. */
function visible(text: string): string {
  return text.replace(/[\p{Bidi_Control}\p{Cc}]/gu, (character) => `⟦U+${character.charCodeAt(0).toString(16)}⟧`);
}
